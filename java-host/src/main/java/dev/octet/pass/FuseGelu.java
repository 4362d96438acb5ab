package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.tensor.DType;
import java.util.List;
import java.util.Optional;

/**
 * Turns {@code x * (1 + erf(x / sqrt(2))) / 2}, its three factors multiplied in any order, into {@link Gelu}. The result
 * changes by what the spelt-out form rounds more often: a few units of {@code |x| * 2^-24}.
 */
public final class FuseGelu implements Pass {
    @Override
    public Graph apply(Graph graph) {
        return Rewriting.everywhere(graph, FuseGelu::fuse);
    }

    private static Optional<Graph> fuse(Graph graph, Node erf) {
        if (!(erf.op() instanceof Unary(UnaryFunction function))
                || function != UnaryFunction.ERF
                || graph.dtype(erf.output()) != DType.F32) {
            return Optional.empty();
        }
        Optional<String> x = Scalars.productMaking(graph, erf.input(0))
                .filter(argument -> Scalars.isAbout(argument.factor(), Math.sqrt(0.5)))
                .map(Scalars.Product::value);
        Optional<Node> sum = graph.onlyConsumer(erf.output())
                .filter(node -> Scalars.plus(graph, node, 1)
                        .filter(erf.output()::equals)
                        .isPresent());
        if (x.isEmpty() || sum.isEmpty()) {
            return Optional.empty();
        }
        return product(graph, sum.get().output(), x.get()).map(last -> {
            GraphEdit edit = new GraphEdit(graph);
            edit.remove(last);
            edit.put(new Node(last.name(), new Gelu(false), List.of(x.get()), last.outputs()));
            return edit.apply();
        });
    }

    /** The last of the nodes that multiply a sum by x and by one half. */
    private static Optional<Node> product(Graph graph, String sum, String x) {
        Optional<Node> first = factor(graph, sum);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> other = Scalars.other(first.get(), sum);
        if (other.filter(value -> isHalfOf(graph, value, x)).isPresent()) {
            return first;
        }
        if (other.filter(x::equals).isPresent()) {
            return graph.onlyConsumer(first.get().output())
                    .filter(node -> isHalfOf(graph, node.output(), first.get().output()));
        }
        boolean half = isHalfOf(graph, first.get().output(), sum);
        return half
                ? factor(graph, first.get().output())
                        .filter(node -> Scalars.other(node, first.get().output())
                                .filter(x::equals)
                                .isPresent())
                : Optional.empty();
    }

    private static Optional<Node> factor(Graph graph, String value) {
        return graph.onlyConsumer(value).filter(node -> Operators.is(node, "Mul", "Div"));
    }

    private static boolean isHalfOf(Graph graph, String value, String whole) {
        return Scalars.productMaking(graph, value)
                .filter(product -> product.factor() == 0.5f && product.value().equals(whole))
                .isPresent();
    }
}
