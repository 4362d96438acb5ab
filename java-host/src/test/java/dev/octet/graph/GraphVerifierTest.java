package dev.octet.graph;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.op.Conv;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.MatMulInteger;
import dev.octet.graph.op.Ops;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphVerifierTest {
    private static Graph graph(DType output, Node node, Map<String, Tensor> constants) {
        DType input = node.op() instanceof QConv ? DType.U8 : DType.F32;
        return new Graph(
                "test",
                List.of(ValueInfo.of("x", input, 1, 2, 3)),
                List.of(ValueInfo.of("y", output)),
                List.of(node),
                constants);
    }

    private static Graph quantize(float... scales) {
        Shape shape = scales.length == 1 ? Shape.SCALAR : Shape.of(scales.length);
        Node node = new Node("q", QuantizeLinear.along(1), List.of("x", "s"), List.of("y"));
        return graph(DType.U8, node, Map.of("s", Tensor.ofFloats(shape, scales)));
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
    void verify_unusableScale_namesTheNode(float scale) {
        assertThatThrownBy(() -> GraphVerifier.verify(quantize(scale)))
                .isInstanceOf(ModelException.class)
                .hasMessage("node \"q\" (QuantizeLinear): scale " + scale + " is not positive and finite");
    }

    @Test
    void verify_usableScales_passes() {
        assertThatCode(() -> GraphVerifier.verify(quantize(0.5f, 2))).doesNotThrowAnyException();
    }

    @Test
    void verify_scalesThatDoNotFitTheAxis_saysBothNumbers() {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put("w", Tensor.allocate(DType.S8, Shape.of(4, 3)));
        constants.put("s", Tensor.ofFloats(Shape.of(3), 1, 1, 1));
        Node node = new Node("dq", DequantizeLinear.along(0), List.of("w", "s"), List.of("y"));

        assertThatThrownBy(() -> GraphVerifier.verify(graph(DType.F32, node, constants)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("scale has 3 entries but axis 0 of [4,3] has 4");
    }

    @Test
    void verify_zeroPointsOfOtherSize_fails() {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put("s", Tensor.ofFloats(Shape.of(2), 1, 1));
        constants.put("z", Tensor.allocate(DType.U8, Shape.of(3)));
        Node node = new Node("q", QuantizeLinear.along(1), List.of("x", "s", "z"), List.of("y"));

        assertThatThrownBy(() -> GraphVerifier.verify(graph(DType.U8, node, constants)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("zero point [3] and scale [2] differ");
    }

    @Test
    void verify_weightOfAnotherType_fails() {
        Conv conv = new Conv(
                new SpatialWindow(new long[0], new long[0], new long[0], new long[0], SpatialWindow.AutoPad.NOTSET), 1);
        Node node = new Node("c", conv, List.of("x", "w"), List.of("y"));
        Map<String, Tensor> constants = Map.of("w", Tensor.allocate(DType.U8, Shape.of(4, 2, 1)));

        assertThatThrownBy(() -> GraphVerifier.verify(graph(DType.F32, node, constants)))
                .isInstanceOf(ModelException.class)
                .hasMessage("node \"c\" (Conv): input 1 is u8 but input 0 is f32, the types must be the same");
    }

    @Test
    void verify_inputOfATypeThatTheOperatorDoesNotTake_fails() {
        Node node = new Node("m", new MatMulInteger(), List.of("x", "x"), List.of("y"));

        assertThatThrownBy(() -> GraphVerifier.verify(graph(DType.S32, node, Map.of())))
                .isInstanceOf(ModelException.class)
                .hasMessage("node \"m\" (MatMulInteger): input 0 is f32, expected s8 or u8");
    }

    @Test
    void verify_missingInput_fails() {
        Node node = new Node("q", QuantizeLinear.along(1), List.of("x"), List.of("y"));
        Graph graph = graph(DType.U8, node, Map.of());

        assertThatThrownBy(() -> GraphVerifier.verify(graph))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("has 1 inputs, expected 2 to 3");
    }

    @Test
    void verify_outputDeclaredOtherwise_fails() {
        Node node = new Node("r", new Unary(UnaryFunction.RELU), List.of("x"), List.of("y"));

        assertThatThrownBy(() -> GraphVerifier.verify(graph(DType.S8, node, Map.of())))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("graph output \"y\" is declared s8 but computed as f32");
    }

    private static Graph conv(float[] multipliers, int qmin, int qmax, Tensor bias) {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put("w", Tensor.allocate(DType.S8, Shape.of(2, 2, 1)));
        constants.put("b", bias);
        SpatialWindow window =
                new SpatialWindow(new long[0], new long[0], new long[0], new long[0], SpatialWindow.AutoPad.NOTSET);
        Epilogue epilogue = new Epilogue.ToInt8(DType.U8, multipliers, 3, qmin, qmax, Optional.empty());
        QConv op = new QConv(window, 1, 0, Layout.CHANNELS_FIRST, epilogue);
        return graph(DType.U8, new Node("c", op, List.of("x", "w", "b"), List.of("y")), constants);
    }

    @Test
    void verify_integerConv_checksMultipliersLimitsAndBias() {
        Tensor bias = Tensor.ofInts(Shape.of(2), 1, 2);
        float[] good = {0.5f, 0.25f};

        assertThatCode(() -> GraphVerifier.verify(conv(good, 3, 255, bias))).doesNotThrowAnyException();
        assertThatThrownBy(() -> GraphVerifier.verify(conv(new float[] {1, 1, 1}, 3, 255, bias)))
                .hasMessageContaining("has 3 multipliers for 2 channels");
        assertThatThrownBy(() -> GraphVerifier.verify(conv(new float[] {Float.NaN}, 3, 255, bias)))
                .hasMessageContaining("multiplier NaN is negative or not finite");
        assertThatThrownBy(() -> GraphVerifier.verify(conv(good, -1, 255, bias)))
                .hasMessageContaining("limits -1 and 255 do not fit u8");
        assertThatThrownBy(() -> GraphVerifier.verify(conv(good, 3, 255, Tensor.ofInts(Shape.of(3), 1, 2, 3))))
                .hasMessageContaining("bias [3] for 2 channels");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"Conv | input 1 is [4], expected at least 3 axes", "Gemm | input 1 is [4], expected a matrix"})
    void verify_weightWithoutEnoughAxes_saysHowMany(String operator, String fault) {
        Op op = Ops.find(operator).orElseThrow().read().apply(Attributes.NONE);
        Node node = new Node("n", op, List.of("x", "w"), List.of("y"));
        Graph graph = graph(DType.F32, node, Map.of("w", Tensor.allocate(DType.F32, Shape.of(4))));

        assertThatThrownBy(() -> GraphVerifier.verify(graph))
                .isInstanceOf(ModelException.class)
                .hasMessage("node \"n\" (" + operator + "): " + fault);
    }
}
