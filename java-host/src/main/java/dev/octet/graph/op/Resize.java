package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Samples a tensor at another size. Inputs: data, optional roi, and one of scales (f32) and sizes, for {@code axes} or
 * for all axes. ONNX Resize, opset 19.
 *
 * @param antialias when shrinking, widen the linear or cubic filter by the scale
 * @param axes the axes that roi, scales and sizes describe; empty for all; copied in
 * @param coordinates from output to input positions
 * @param cubicCoefficient a of the cubic kernel
 * @param excludeOutside weights of positions outside the input are 0 and the others rescaled
 * @param extrapolationValue stored where {@link CoordinateMode#TF_CROP_AND_RESIZE} reads outside the input
 */
public record Resize(
        Mode mode,
        CoordinateMode coordinates,
        NearestMode nearest,
        AspectPolicy aspect,
        boolean antialias,
        boolean excludeOutside,
        float cubicCoefficient,
        float extrapolationValue,
        long[] axes)
        implements Op {
    static final OpType TYPE = OpType.onnx("Resize", 10, 19, 1, Resize::read).inputs(1, 4);

    private static final float DEFAULT_CUBIC_COEFFICIENT = -0.75f;

    /** How values between input positions are made. */
    public enum Mode {
        NEAREST,
        LINEAR,
        CUBIC
    }

    /** How an output position becomes an input position. */
    public enum CoordinateMode {
        HALF_PIXEL,
        HALF_PIXEL_SYMMETRIC,
        PYTORCH_HALF_PIXEL,
        ALIGN_CORNERS,
        ASYMMETRIC,
        TF_CROP_AND_RESIZE
    }

    /** How {@link Mode#NEAREST} rounds an input position. */
    public enum NearestMode {
        ROUND_PREFER_FLOOR,
        ROUND_PREFER_CEIL,
        FLOOR,
        CEIL
    }

    /** Whether sizes are met exactly or bound an image that keeps its proportions. */
    public enum AspectPolicy {
        STRETCH,
        NOT_LARGER,
        NOT_SMALLER
    }

    public Resize {
        axes = axes.clone();
        if (antialias && mode == Mode.NEAREST) {
            throw ModelException.invalid("antialias does not apply to mode nearest");
        }
    }

    private static Resize read(Attributes a) {
        return new Resize(
                choice(Mode.class, a, "mode", Mode.NEAREST),
                choice(CoordinateMode.class, a, "coordinate_transformation_mode", CoordinateMode.HALF_PIXEL),
                choice(NearestMode.class, a, "nearest_mode", NearestMode.ROUND_PREFER_FLOOR),
                choice(AspectPolicy.class, a, "keep_aspect_ratio_policy", AspectPolicy.STRETCH),
                a.flag("antialias", false),
                a.flag("exclude_outside", false),
                a.real("cubic_coeff_a", DEFAULT_CUBIC_COEFFICIENT),
                a.real("extrapolation_value", 0),
                a.integersOrEmpty("axes"));
    }

    private static <E extends Enum<E>> E choice(Class<E> type, Attributes attributes, String name, E absent) {
        String value = attributes.string(name, attributeValue(absent));
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> attributeValue(constant).equals(value))
                .findFirst()
                .orElseThrow(() ->
                        ModelException.invalid("attribute " + name + " has the unknown value " + Names.escape(value)));
    }

    private static String attributeValue(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        Attributes.Builder builder = Attributes.builder()
                .put("mode", attributeValue(mode))
                .put("coordinate_transformation_mode", attributeValue(coordinates))
                .put("nearest_mode", attributeValue(nearest))
                .put("keep_aspect_ratio_policy", attributeValue(aspect))
                .put("antialias", antialias)
                .put("exclude_outside", excludeOutside)
                .put("cubic_coeff_a", cubicCoefficient)
                .put("extrapolation_value", extrapolationValue);
        return (axes.length == 0 ? builder : builder.put("axes", axes)).build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        ResizeGeometry geometry = geometry(
                in.shape(0), in.has(2) ? Optional.of(in.value(2).toFloats()) : Optional.empty(), in.longsIfPresent(3));
        return List.of(geometry.outputShape());
    }

    /**
     * Extents and scales of every axis.
     *
     * @param scales the values of input 2; an empty array counts as absent
     * @param sizes the values of input 3; likewise
     * @throws ModelException if neither or both are given or they do not fit
     */
    public ResizeGeometry geometry(Shape input, Optional<float[]> scales, Optional<long[]> sizes) {
        return ResizeGeometry.of(
                this, input, scales.filter(values -> values.length > 0), sizes.filter(values -> values.length > 0));
    }

    /** The axes that the lists describe, normalized. */
    public int[] affectedAxes(int rank) {
        return Extents.axes(axes.length == 0 ? Optional.empty() : Optional.of(axes), rank);
    }

    /** The input position that {@link Mode#NEAREST} takes, not yet within the input. */
    public double rounded(double position) {
        return switch (nearest) {
            case ROUND_PREFER_FLOOR -> Math.ceil(position - 0.5);
            case ROUND_PREFER_CEIL -> Math.floor(position + 0.5);
            case FLOOR -> Math.floor(position);
            case CEIL -> Math.ceil(position);
        };
    }
}
