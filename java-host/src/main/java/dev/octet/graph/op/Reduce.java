package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Combines the elements along some axes into one. Inputs: data, optional int64 axes. ONNX Reduce*, opset 18 (ReduceSum
 * 13, bool 20).
 *
 * @param keepDims reduced axes stay with extent 1
 * @param noopWithEmptyAxes no axes, or an absent input, mean that every element is reduced alone; else that all axes are
 *     reduced
 */
public record Reduce(ReduceFunction function, boolean keepDims, boolean noopWithEmptyAxes) implements Op {
    static final Map<ReduceFunction, OpType> TYPES = Arrays.stream(ReduceFunction.values())
            .collect(Collectors.toMap(
                    Function.identity(),
                    f -> OpType.onnx(f.onnxName(), 1, f.form(), 1, a -> read(f, a))
                            .inputs(1, 2)));

    private static Reduce read(ReduceFunction function, Attributes attributes) {
        return new Reduce(function, attributes.flag("keepdims", true), attributes.flag("noop_with_empty_axes", false));
    }

    @Override
    public OpType type() {
        return Objects.requireNonNull(TYPES.get(function));
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("keepdims", keepDims)
                .put("noop_with_empty_axes", noopWithEmptyAxes)
                .build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        boolean[] reduced = reducedAxes(in.shape(0), in.longsIfPresent(1));
        long[] dims = IntStream.range(0, reduced.length)
                .filter(axis -> keepDims || !reduced[axis])
                .mapToLong(axis -> reduced[axis] ? 1 : in.shape(0).dim(axis))
                .toArray();
        return List.of(Shape.of(dims));
    }

    /**
     * Which axes of the input are reduced.
     *
     * @param axes the value of input 1, empty if it is absent
     */
    public boolean[] reducedAxes(Shape input, Optional<long[]> axes) {
        boolean[] reduced = new boolean[input.rank()];
        long[] given = axes.orElse(new long[0]);
        if (given.length == 0) {
            Arrays.fill(reduced, !noopWithEmptyAxes);
        }
        for (long axis : given) {
            int index = input.axis(axis);
            if (reduced[index]) {
                throw ModelException.invalid("axes " + Arrays.toString(given) + " name an axis twice");
            }
            reduced[index] = true;
        }
        return reduced;
    }
}
