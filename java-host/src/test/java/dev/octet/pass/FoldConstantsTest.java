package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.Identity;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import org.junit.jupiter.api.Test;

class FoldConstantsTest {
    private static final Tensor PAIR = Tensor.ofFloats(Shape.of(2), 1.5f, -2);

    private final FoldConstants pass = FoldConstants.keepingQuantized(GraphRun.EVALUATOR);

    @Test
    void apply_chainOfConstants_becomesOne() {
        TestGraph test = new TestGraph();
        String x = test.input("x", 2);
        String c = test.node("d", new Identity(), test.node("c", new Identity(), test.constant("k", PAIR)));
        Graph graph = test.output(test.node("y", new Binary(BinaryFunction.ADD), x, c));

        Graph result = pass.apply(graph);

        assertThat(result.nodes()).hasSize(1);
        assertThat(result.constant(result.nodes().get(0).input(1)).orElseThrow().contentEquals(PAIR))
                .isTrue();
        assertThat(pass.apply(result)).isSameAs(result);
    }

    @Test
    void apply_constantBehindGraphOutput_keepsTheNameAndEnds() {
        TestGraph test = new TestGraph();
        test.input("x", 2);
        String c = test.node("c", new Identity(), test.constant("k", PAIR));
        Graph graph = test.output(test.node("y", new Identity(), c));

        Graph result = pass.apply(graph);

        assertThat(result.isOutput("y")).isTrue();
        assertThat(pass.apply(result)).isSameAs(result);
    }

    @Test
    void apply_scaleThatTheModelComputesToBeNegative_isTheModelsFault() {
        TestGraph test = new TestGraph();
        String scale = test.node("s", "Neg", test.constant("k", Tensor.scalar(0.5f)));
        String zero = test.constant("z", Tensor.scalar(DType.S8, 0));
        String q = test.node("q", "QuantizeLinear", test.input("x", 2), scale, zero);
        Graph graph = test.output(test.node("y", "DequantizeLinear", q, scale, zero));

        assertThatThrownBy(() -> pass.apply(graph))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("scale -0.5 is not positive");
    }
}
