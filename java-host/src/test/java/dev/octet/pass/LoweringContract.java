package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QMatMul;
import dev.octet.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What lowering promises: every integer within one step of the Q/DQ graph computed in float, node by node. */
final class LoweringContract {
    /** A float sum of some hundred products against the exact integer sum, relative to the largest result. */
    static final double SUM_TOLERANCE = 1e-4;

    private LoweringContract() {}

    /** Lowers a Q/DQ graph and runs each lowered node on the values of the graph that is not lowered. */
    static void check(Graph graph, Map<String, Tensor> inputs, String what) {
        List<Pass> lowering = Pipelines.lower(GraphRun.EVALUATOR);
        Graph reference = PassRunner.run(lowering, graph, indexAfter(lowering, "PropagateQdq"));
        Graph lowered = PassRunner.run(lowering, graph, indexAfter(lowering, "LowerArithmetic"));
        Map<String, Tensor> expected = GraphRun.values(reference, inputs);
        Map<String, Tensor> values = new HashMap<>(lowered.constants());
        values.putAll(inputs);
        for (Node node : lowered.nodes()) {
            GraphRun.run(node, values);
            for (String output : node.outputs()) {
                Tensor wanted = expected.get(output);
                Tensor actual = values.get(output);
                if (wanted != null && actual != null) {
                    assertWithinOneStep(actual, wanted, biasRounding(node.op()), what + ", " + node.describe());
                    // Each node is judged on its own: the next one starts from the reference.
                    values.put(output, wanted);
                }
            }
        }
    }

    /** The number of passes up to one of this name. */
    static int indexAfter(List<Pass> passes, String name) {
        List<String> names = passes.stream().map(Pass::name).toList();
        assertThat(names).contains(name);
        return names.indexOf(name) + 1;
    }

    /** What rounding a float bias to a multiple of the accumulator's unit changes of an output that is float. */
    private static double biasRounding(Op op) {
        Optional<Epilogue> epilogue = switch (op) {
            case QConv conv -> Optional.of(conv.epilogue());
            case QMatMul product -> Optional.of(product.epilogue());
            default -> Optional.empty();
        };
        if (!(epilogue.orElse(null) instanceof Epilogue.ToFloat real)) {
            return 0;
        }
        double largest = 0;
        for (float scale : real.scales()) {
            largest = Math.max(largest, scale);
        }
        return largest / 2;
    }

    private static void assertWithinOneStep(Tensor actual, Tensor wanted, double rounding, String what) {
        if (!wanted.dtype().isInteger()) {
            assertClose(actual, wanted, SUM_TOLERANCE + rounding / Math.max(1e-6, largest(wanted)), what);
            return;
        }
        for (long i = 0; i < actual.elementCount(); i++) {
            assertThat(Math.abs(actual.getLong(i) - wanted.getLong(i)))
                    .as("%s, element %d: %d, expected %d", what, i, actual.getLong(i), wanted.getLong(i))
                    .isLessThanOrEqualTo(1);
        }
    }

    /** Asserts that no element is further off than a share of the largest. */
    static void assertClose(Tensor actual, Tensor expected, double tolerance, String what) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        double allowed = tolerance * Math.max(1e-6, largest(expected));
        for (long i = 0; i < actual.elementCount(); i++) {
            boolean same = Double.compare(actual.getDouble(i), expected.getDouble(i)) == 0;
            assertThat(same ? 0 : Math.abs(actual.getDouble(i) - expected.getDouble(i)))
                    .as("%s, element %d: %s, expected %s", what, i, actual.getDouble(i), expected.getDouble(i))
                    .isLessThanOrEqualTo(allowed);
        }
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (long i = 0; i < tensor.elementCount(); i++) {
            largest = Math.max(largest, Math.abs(tensor.getDouble(i)));
        }
        return largest;
    }
}
