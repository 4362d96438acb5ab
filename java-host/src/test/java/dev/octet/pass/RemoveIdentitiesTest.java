package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.op.Cast;
import dev.octet.graph.op.Identity;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.tensor.DType;
import org.junit.jupiter.api.Test;

class RemoveIdentitiesTest {
    private static final Unary RELU = new Unary(UnaryFunction.RELU);

    private final RemoveIdentities pass = new RemoveIdentities();

    @Test
    void apply_identityBetweenNodes_isRemoved() {
        TestGraph test = new TestGraph();
        String x = test.input("x", 2, 3);
        String copy = test.node("copy", new Identity(), test.node("a", RELU, x));
        Graph graph = test.output(test.node("y", RELU, copy));

        Graph result = PassRunner.run(java.util.List.of(pass), graph);

        assertThat(result.nodes()).extracting(Node::name).containsExactly("a.node", "y.node");
        assertThat(pass.apply(result)).isSameAs(result);
    }

    @Test
    void apply_identityBehindOutput_keepsTheName() {
        TestGraph test = new TestGraph();
        String a = test.node("a", RELU, test.input("x", 2));
        Graph graph = test.output(test.node("y", new Identity(), a));

        Graph result = pass.apply(graph);

        assertThat(result.nodes()).extracting(Node::output).containsExactly("y");
        assertThat(pass.apply(result)).isSameAs(result);
    }

    @Test
    void apply_identityOfGraphInput_stays() {
        TestGraph test = new TestGraph();
        Graph graph = test.output(test.node("y", new Identity(), test.input("x", 2)));

        assertThat(pass.apply(graph)).isSameAs(graph);
    }

    @Test
    void apply_twoNamesOfOneResult_bothOutputsStay() {
        TestGraph test = new TestGraph();
        String a = test.node("a", RELU, test.input("x", 2));
        Graph graph = test.output(a, test.node("y", new Identity(), a));

        assertThat(pass.apply(graph)).isSameAs(graph);
    }

    @Test
    void apply_castToWiderFloatAndBack_isRemoved() {
        TestGraph test = new TestGraph();
        String half = test.node("half", new Cast(DType.F16), test.input("x", 2));
        String again = test.node("again", new Cast(DType.F16), test.node("wide", new Cast(DType.F32), half));
        Graph graph = test.output(test.node("y", new Cast(DType.F32), test.node("r", RELU, again)));

        Graph result = PassRunner.run(java.util.List.of(pass), graph);

        assertThat(result.nodes()).extracting(Node::output).containsExactly("half", "r", "y");
    }

    @Test
    void apply_castToNarrowerFloatAndBack_stays() {
        TestGraph test = new TestGraph();
        String half = test.node("half", new Cast(DType.F16), test.input("x", 2));
        Graph graph = test.output(test.node("y", RELU, test.node("wide", new Cast(DType.F32), half)));

        assertThat(pass.apply(graph)).isSameAs(graph);
    }
}
