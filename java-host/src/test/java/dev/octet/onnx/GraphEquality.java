package dev.octet.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Asserts that two graphs are the same but for the order of nodes that do not depend on each other. */
final class GraphEquality {
    private GraphEquality() {}

    static void assertEqual(Graph actual, Graph expected) {
        assertThat(actual.inputs()).isEqualTo(expected.inputs());
        assertThat(actual.outputs()).isEqualTo(expected.outputs());
        assertThat(actual.nodes()).hasSameSizeAs(expected.nodes());
        for (int i = 0; i < expected.nodes().size(); i++) {
            Node a = actual.nodes().get(i);
            Node b = expected.nodes().get(i);
            assertThat(List.of(a.name(), a.op().type().name(), a.inputs(), a.outputs()))
                    .isEqualTo(List.of(b.name(), b.op().type().name(), b.inputs(), b.outputs()));
            assertAttributes(b.describe(), a.op().attributes(), b.op().attributes());
        }
        assertThat(actual.constants().keySet()).isEqualTo(expected.constants().keySet());
        expected.constants()
                .forEach((name, tensor) -> assertThat(
                                Optional.of(actual.constant(name).orElseThrow()).filter(tensor::contentEquals))
                        .as("constant %s", name)
                        .isPresent());
    }

    private static void assertAttributes(String node, Attributes actual, Attributes expected) {
        assertThat(actual.names()).as(node).isEqualTo(expected.names());
        for (String name : expected.names()) {
            Object a = actual.get(name);
            Object b = expected.get(name);
            if (a instanceof Tensor left && b instanceof Tensor right) {
                assertThat(left.contentEquals(right)).as(node + " " + name).isTrue();
            } else {
                assertThat(a).as(node + " " + name).isEqualTo(b);
            }
        }
    }
}
