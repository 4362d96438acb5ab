package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Mean over all spatial positions of an 8-bit tensor: {@code clamp(rint(float(sum(x - xZeroPoint)) * multiplier) +
 * zeroPoint)} with {@code multiplier = (inputScale / countElements) / outputScale} in fp32, count of positions.
 */
public record QGlobalAveragePool(
        int xZeroPoint, float inputScale, float outputScale, DType dtype, int zeroPoint, Layout layout) implements Op {
    static final OpType TYPE = OpType.internal("QGlobalAveragePool", 1, 1);

    /** Positions whose sum always fits int32. */
    public static final int MAX_PIXELS = Integer.MAX_VALUE / 255;

    /** What a sum over {@code count} positions is multiplied by. */
    public float multiplier(int count) {
        return inputScale / count / outputScale;
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("layout", layout.name()).build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return Collections.nCopies(outputCount, dtype);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        long[] dims = in.shape(0).dims();
        Arrays.fill(dims, layout.spatialAxis(), layout == Layout.CHANNELS_FIRST ? dims.length : dims.length - 1, 1);
        return List.of(Shape.of(dims));
    }
}
