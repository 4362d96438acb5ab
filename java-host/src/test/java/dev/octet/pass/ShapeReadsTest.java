package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShapeReadsTest {
    private final TestGraph test = new TestGraph();

    private String quantized(String x) {
        String scale = test.constant(x + ".scale", Tensor.scalar(0.5f));
        return test.node(x + ".q", "QuantizeLinear", x, scale);
    }

    private static String shapeReads(Graph graph) {
        return graph.find("shape.node").orElseThrow().input(0);
    }

    @Test
    void apply_shapeBesideQuantizeOfRelu_readsTheIntegers() {
        String x = test.node("sum", "Add", test.input("x", 2, 3), test.random("c", new Random(1), 3));
        String relu = test.node("relu", "Relu", x);
        String integers = quantized(relu);
        Graph graph = test.output(integers, test.node("shape", "Shape", x));

        assertThat(shapeReads(new PropagateQdq().apply(graph))).isEqualTo(integers);
    }

    @Test
    void apply_twoOtherReaders_changesNothing() {
        String x = test.node("sum", "Add", test.input("x", 2, 3), test.random("c", new Random(1), 3));
        Graph graph = test.output(quantized(x), test.node("shape", "Shape", x), test.node("other", "Neg", x));

        assertThat(new PropagateQdq().apply(graph)).isSameAs(graph);
    }

    @Test
    void apply_readerWithAnotherShape_changesNothing() {
        String x = test.input("x", 2, 3);
        Graph graph = test.output(
                test.node("wider", "Add", x, test.random("c", new Random(1), 4, 2, 3)), test.node("shape", "Shape", x));

        assertThat(new PropagateQdq().apply(graph)).isSameAs(graph);
    }
}
