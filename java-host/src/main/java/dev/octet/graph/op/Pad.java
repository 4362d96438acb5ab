package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Adds elements before and after some axes, or removes them where a pad is negative. Inputs: data, pads (begins then
 * ends), optional constant value, optional axes. Removal comes first: what is added repeats what is left. ONNX Pad, opset
 * 19.
 */
public record Pad(Mode mode) implements Op {
    static final OpType TYPE = OpType.onnx("Pad", 1, 19, 2, Pad::read).inputs(2, 4);

    /** What the added elements are. */
    public enum Mode {
        CONSTANT,
        /** Mirrored about the outermost element, which is not repeated. */
        REFLECT,
        EDGE,
        WRAP
    }

    /** Pads of every axis. */
    public record Amounts(long[] begins, long[] ends) {}

    private static Pad read(Attributes attributes) {
        String name = attributes.string("mode", "constant");
        return new Pad(Arrays.stream(Mode.values())
                .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(
                        () -> ModelException.invalid("attribute mode has the unknown value " + Names.escape(name))));
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("mode", mode.name().toLowerCase(Locale.ROOT))
                .build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        List<DType> result = Op.super.outputDTypes(inputs, outputCount);
        if (inputs.size() > 2) {
            Extents.requireSameType("constant_value", inputs.get(2), result.get(0));
        }
        return result;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        Shape x = in.shape(0);
        Amounts pads = amounts(x.rank(), in.longs(1), in.longsIfPresent(3));
        long[] dims = x.dims();
        for (int i = 0; i < dims.length; i++) {
            long left = dims[i] + Math.min(0, pads.begins[i]) + Math.min(0, pads.ends[i]);
            if (left < 0) {
                throw ModelException.invalid("pads remove more than axis " + i + " of " + x + " has");
            }
            long added = Extents.add("pads", Math.max(0, pads.begins[i]), Math.max(0, pads.ends[i]));
            if (left == 0 && added > 0 && mode != Mode.CONSTANT) {
                throw ModelException.invalid("axis " + i + " of " + x + " is empty, nothing to repeat");
            }
            dims[i] = Extents.add("pads", left, added);
        }
        return List.of(Extents.shape(dims));
    }

    /**
     * The pads of every axis.
     *
     * @param pads begins, then ends, of {@code axes} or of all axes
     * @throws ModelException if the lists do not fit the rank
     */
    public static Amounts amounts(int rank, long[] pads, Optional<long[]> axes) {
        int[] along = Extents.axes(axes, rank);
        Extents.requireLength("pads", pads, 2 * along.length);
        Amounts amounts = new Amounts(new long[rank], new long[rank]);
        for (int i = 0; i < along.length; i++) {
            amounts.begins[along[i]] = bounded(pads[i]);
            amounts.ends[along[i]] = bounded(pads[along.length + i]);
        }
        return amounts;
    }

    private static long bounded(long pad) {
        if (Math.abs((double) pad) > 0x1p60) {
            throw ModelException.limit("pad " + pad + " is too large");
        }
        return pad;
    }
}
