package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
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
 * The index, int64, of the largest or smallest element along an axis. ONNX ArgMax and ArgMin, opset 13.
 *
 * @param keepDims the axis stays with extent 1
 * @param selectLastIndex among equal elements the last is taken, else the first
 */
public record ArgExtreme(ArgFunction function, long axis, boolean keepDims, boolean selectLastIndex) implements Op {
    static final Map<ArgFunction, OpType> TYPES = Arrays.stream(ArgFunction.values())
            .collect(Collectors.toMap(Function.identity(), f -> OpType.onnx(f.onnxName(), 1, 13, 1, a -> read(f, a))));

    private static ArgExtreme read(ArgFunction function, Attributes attributes) {
        return new ArgExtreme(
                function,
                attributes.integer("axis", 0),
                attributes.flag("keepdims", true),
                attributes.flag("select_last_index", false));
    }

    @Override
    public OpType type() {
        return Objects.requireNonNull(TYPES.get(function));
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("axis", axis)
                .put("keepdims", keepDims)
                .put("select_last_index", selectLastIndex)
                .build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return List.of(DType.S64);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = in.shape(0);
        int index = x.axis(axis);
        if (x.dim(index) == 0) {
            throw ModelException.invalid("axis " + axis + " of " + x + " is empty");
        }
        long[] dims = IntStream.range(0, x.rank())
                .filter(i -> keepDims || i != index)
                .mapToLong(i -> i == index ? 1 : x.dim(i))
                .toArray();
        return List.of(Shape.of(dims));
    }
}
