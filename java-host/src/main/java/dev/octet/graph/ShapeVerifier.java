package dev.octet.graph;

import dev.octet.graph.op.DequantizeLinear;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/**
 * Checks the numbers of axes of one node's constant operands, which passes rely on before the shapes of the graph's inputs
 * are known.
 */
final class ShapeVerifier {
    private ShapeVerifier() {}

    static void verify(Graph graph, Node node) {
        switch (node.op().type().name()) {
            case "Conv", "ConvInteger", "ConvTranspose" -> requireAxes(graph, node, 1, 3);
            case "QLinearConv" -> requireAxes(graph, node, 3, 3);
            case "MatMul", "MatMulInteger" -> {
                requireAxes(graph, node, 0, 1);
                requireAxes(graph, node, 1, 1);
            }
            case "QLinearMatMul" -> {
                requireAxes(graph, node, 0, 1);
                requireAxes(graph, node, 3, 1);
            }
            case "Gemm" -> {
                requireMatrix(graph, node, 0);
                requireMatrix(graph, node, 1);
            }
            default -> {
                // Passes do not take constants of others apart.
            }
        }
    }

    /** The shape of a constant, or of one that is dequantized. */
    private static Optional<Shape> constant(Graph graph, Node node, int input) {
        String value = graph.producer(node.input(input))
                .filter(producer -> producer.op() instanceof DequantizeLinear)
                .map(producer -> producer.input(0))
                .orElse(node.input(input));
        return graph.constant(value).map(Tensor::shape);
    }

    private static void requireAxes(Graph graph, Node node, int input, int least) {
        constant(graph, node, input).filter(shape -> shape.rank() < least).ifPresent(shape -> {
            throw ModelException.invalid("input " + input + " is " + shape + ", expected at least " + least
                    + (least == 1 ? " axis" : " axes"));
        });
    }

    private static void requireMatrix(Graph graph, Node node, int input) {
        constant(graph, node, input).filter(shape -> shape.rank() != 2).ifPresent(shape -> {
            throw ModelException.invalid("input " + input + " is " + shape + ", expected a matrix");
        });
    }
}
