package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CastToHalfTest {
    private static final QuantizationOptions DECLARED =
            QuantizationOptions.DEFAULT.withDeclared(Map.of("mul", Precision.FP16));

    @Test
    void apply_declaredNode_computesInHalfBetweenCasts() {
        Graph graph = graph(2);

        Graph half = new CastToHalf(DECLARED).apply(graph);

        Node mul = half.find("mul").orElseThrow();
        assertThat(mul.inputs())
                .allSatisfy(input -> assertThat(half.dtype(input)).isEqualTo(DType.F16));
        assertThat(half.dtype(mul.output())).isEqualTo(DType.F16);
        assertThat(half.dtype("y")).isEqualTo(DType.F32);
        assertThat(half.dtype(half.find("relu").orElseThrow().input(0))).isEqualTo(DType.F32);
    }

    @Test
    void apply_twice_changesNothingMore() {
        CastToHalf pass = new CastToHalf(DECLARED);
        Graph once = pass.apply(graph(2));

        assertThat(pass.apply(once)).isSameAs(once);
    }

    @Test
    void apply_constantBeyondHalf_namesTheNode() {
        assertThatThrownBy(() -> new CastToHalf(DECLARED).apply(graph(70_000)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("\"mul\"");
    }

    private static Graph graph(float factor) {
        return new Graph(
                "test",
                List.of(ValueInfo.of("x", DType.F32, 3)),
                List.of(ValueInfo.of("y", DType.F32, 3)),
                List.of(
                        new Node("mul", new Binary(BinaryFunction.MUL), List.of("x", "c"), List.of("m")),
                        new Node("relu", new Unary(UnaryFunction.RELU), List.of("m"), List.of("y"))),
                Map.of("c", Tensor.ofFloats(Shape.of(1), factor)));
    }

    @Test
    void apply_operatorOfSinglePrecisionAlone_namesIt() {
        TestGraph test = new TestGraph();
        Node quantize = new Node(
                "mul", new DynamicQuantizeLinear(), List.of(test.input("x", 3)), List.of("q", "scale", "zero"));
        Graph graph = test.add(quantize).output("scale");

        assertThatThrownBy(() -> new CastToHalf(DECLARED).apply(graph))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("\"mul\"", "fp16 wanted", "expected f32");
    }

    @Test
    void apply_outputThatIsSingleWhateverTheInput_staysSo() {
        TestGraph test = new TestGraph();
        LayerNormalization norm = new LayerNormalization(-1, 1e-5f, DType.F32);
        List<String> inputs = List.of(test.input("x", 2, 3), test.constant("g", Tensor.ofFloats(Shape.of(3), 1, 2, 3)));
        Graph graph =
                test.add(new Node("mul", norm, inputs, List.of("y", "mean"))).output("y", "mean");

        Graph half = new CastToHalf(DECLARED).apply(graph);

        assertThat(half.dtype("mean")).isEqualTo(DType.F32);
        assertThat(half.find("mul").orElseThrow().outputs()).contains("mean");
        assertThat(half.dtype(half.find("mul").orElseThrow().output())).isEqualTo(DType.F16);
    }
}
