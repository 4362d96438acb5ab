package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassRunnerTest {
    private static Graph relu() {
        TestGraph test = new TestGraph();
        return test.output(test.node("y", new Unary(UnaryFunction.RELU), test.input("x", 2)));
    }

    private record Step(String name, java.util.function.UnaryOperator<Graph> rewrite) implements Pass {
        @Override
        public Graph apply(Graph graph) {
            return rewrite.apply(graph);
        }
    }

    @Test
    void run_stopAfterOne_appliesOnlyTheFirst() {
        List<String> applied = new ArrayList<>();
        Pass first = new Step("First", graph -> {
            applied.add("First");
            return graph;
        });
        Pass second = new Step("Second", graph -> {
            applied.add("Second");
            return graph;
        });

        PassRunner.run(List.of(first, second), relu(), 1);

        assertThat(applied).containsExactly("First");
    }

    @Test
    void run_passBreaksArity_namesPassAndNode() {
        Pass breaking = new Step("DoubleInput", graph -> {
            GraphEdit edit = new GraphEdit(graph);
            Node node = graph.nodes().get(0);
            edit.put(new Node(node.name(), node.op(), List.of("x", "x"), node.outputs()));
            return edit.apply();
        });

        assertThatThrownBy(() -> PassRunner.run(List.of(breaking), relu()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("DoubleInput")
                .hasMessageContaining("node \"y.node\" (Relu)")
                .hasMessageContaining("has 2 inputs, expected 1");
    }

    @Test
    void run_passFindsFault_namesThePass() {
        Pass failing = new Step("FindFault", _ -> {
            throw ModelException.invalid("some fault");
        });

        assertThatThrownBy(() -> PassRunner.run(List.of(failing), relu()))
                .isInstanceOf(ModelException.class)
                .hasMessage("FindFault: some fault");
    }
}
