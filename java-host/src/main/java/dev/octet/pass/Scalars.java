package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/** Reads f32 arithmetic with scalar constants, whichever side they are on. */
final class Scalars {
    private Scalars() {}

    /** The product of a value and a constant. */
    record Product(String value, float factor) {}

    /** The value of a constant of one element, of such a rank that it never adds an axis to a tensor. */
    static Optional<Float> constant(Graph graph, String value) {
        return graph.constant(value)
                .filter(tensor -> tensor.dtype() == DType.F32 && tensor.elementCount() == 1)
                .filter(tensor -> tensor.shape().rank() <= 1)
                .map((Tensor tensor) -> tensor.getFloat(0));
    }

    /** The input of a commutative node that is not the given one; empty if that is not an input, or both are it. */
    static Optional<String> other(Node node, String value) {
        String a = node.input(0);
        String b = node.input(1);
        if (a.equals(b)) {
            return Optional.empty();
        }
        return a.equals(value) ? Optional.of(b) : b.equals(value) ? Optional.of(a) : Optional.empty();
    }

    /** What a Mul by a constant, or a Div by one, multiplies with what; the quotient's factor is rounded. */
    static Optional<Product> product(Graph graph, Node node) {
        if (Operators.is(node, "Div")) {
            return constant(graph, node.input(1)).map(divisor -> new Product(node.input(0), 1 / divisor));
        }
        if (!Operators.is(node, "Mul")) {
            return Optional.empty();
        }
        Optional<Product> left = constant(graph, node.input(0)).map(factor -> new Product(node.input(1), factor));
        return left.or(() -> constant(graph, node.input(1)).map(factor -> new Product(node.input(0), factor)));
    }

    /** The same of the node that makes a value. */
    static Optional<Product> productMaking(Graph graph, String value) {
        return graph.producer(value).flatMap(node -> product(graph, node));
    }

    /** The other summand of an Add of a constant. */
    static Optional<String> plus(Graph graph, Node node, float constant) {
        if (!Operators.is(node, "Add")) {
            return Optional.empty();
        }
        for (int i = 0; i < 2; i++) {
            if (constant(graph, node.input(i))
                    .filter(value -> value == constant)
                    .isPresent()) {
                return Optional.of(node.input(1 - i));
            }
        }
        return Optional.empty();
    }

    /** Whether a constant is a number to the precision that exporters write it with. */
    static boolean isAbout(float constant, double number) {
        return Math.abs(constant - number) <= 1e-6 * Math.abs(number);
    }
}
