package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sums products of elements over the labels that the output does not have. Labels are letters; an ellipsis stands for
 * axes that broadcast; an axis of extent 1 broadcasts too. ONNX Einsum, opset 12.
 *
 * @param equation such as {@code bij,bjk->bik}; without an arrow the output has the ellipsis and then, in alphabetical
 *     order, the labels that occur once
 */
public record Einsum(String equation) implements Op {
    static final OpType TYPE = OpType.onnx("Einsum", 12, 12, 1, Einsum::read).inputs(1, OpType.ANY);

    private static Einsum read(Attributes attributes) {
        return new Einsum(attributes.string("equation", ""));
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("equation", equation).build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        List<Shape> operands =
                IntStream.range(0, in.count()).mapToObj(in::shape).toList();
        return List.of(EinsumAxes.resolve(equation, operands).outputShape());
    }
}
