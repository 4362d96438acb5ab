package dev.octet.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Gather;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BundledModelTest {
    private static final int ROWS = 3001;

    private static ValueInfo tokens(String name) {
        return new ValueInfo(name, DType.S64, Optional.of(List.of(new Dim.Symbol("n"), new Dim.Symbol("n"))));
    }

    private static Graph graph(Node... more) {
        float[] values = new float[ROWS * 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Node words = new Node("words", new Gather(0), List.of("table", "ids"), List.of("y"));
        List<Node> nodes = new java.util.ArrayList<>(List.of(words));
        nodes.addAll(List.of(more));
        List<ValueInfo> outputs = nodes.stream()
                .map(node -> new ValueInfo(node.outputs().getFirst(), DType.F32, Optional.empty()))
                .toList();
        Map<String, Tensor> constants = Map.of("table", Tensor.ofFloats(Shape.of(ROWS, 2), values));
        return new Graph("test", List.of(tokens("ids")), outputs, nodes, constants);
    }

    private static Tensor table(Graph graph) {
        return graph.constant("table").orElseThrow();
    }

    @Test
    void withShortTables_tableOfWords_keepsItsFirstRows() {
        Tensor kept = table(BundledModel.withShortTables(graph()));

        assertThat(kept.shape()).isEqualTo(Shape.of(1024, 2));
        assertThat(kept.getFloat(2 * 1024 - 1)).isEqualTo(2 * 1024 - 1);
    }

    @Test
    void withShortTables_tableWithAnotherReader_staysWhole() {
        Graph graph = graph(new Node("columns", new Gather(1), List.of("table", "ids"), List.of("z")));

        assertThat(table(BundledModel.withShortTables(graph)).shape()).isEqualTo(Shape.of(ROWS, 2));
    }

    @Test
    void benchOptions_tokens_getTheirLengthAndImagesNone() {
        assertThat(BundledModel.benchOptions(List.of(tokens("ids"), tokens("mask"))))
                .isEqualTo("--shape ids=BATCHx128 --shape mask=BATCHx128");
        assertThat(BundledModel.benchOptions(List.of(ValueInfo.of("x", DType.F32, 1, 3, 8, 8))))
                .isEmpty();
    }
}
