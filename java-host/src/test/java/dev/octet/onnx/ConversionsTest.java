package dev.octet.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old operator forms compute what their own version of the specification says. */
class ConversionsTest {
    private static final Tensor X = Tensor.ofFloats(Shape.of(2, 3), -2, -1, 0, 1, 2, 3);

    @TempDir
    Path folder = Path.of("");

    private static Attributes.Builder with() {
        return Attributes.builder();
    }

    private TestModel model(long opset) {
        return new TestModel(opset).input("x", DType.F32, 2, 3);
    }

    private Tensor run(TestModel model) throws IOException {
        Graph graph = OnnxReader.read(model.write(folder));
        try (Session session = Session.open(graph, SessionOptions.defaults().withThreads(1))) {
            return Optional.ofNullable(session.run(Map.of("x", X)).get("y")).orElseThrow();
        }
    }

    private Tensor run(long opset, String opType, Attributes attributes) throws IOException {
        return run(model(opset)
                .add(TestModel.node(opType, attributes, List.of("x"), "y"))
                .output("y", DType.F32));
    }

    private static void assertFloats(Tensor actual, Shape shape, float... values) {
        assertThat(actual.shape()).isEqualTo(shape);
        assertThat(actual.toFloats()).containsExactly(values);
    }

    @Test
    void add_opset6BroadcastAtAxis_alignsSecondInputThere() throws IOException {
        Attributes attributes = with().put("broadcast", 1).put("axis", 0).build();

        Tensor y = run(model(6).constant("b", Tensor.ofFloats(Shape.of(2), 10, 20))
                .add(TestModel.node("Add", attributes, List.of("x", "b"), "y"))
                .output("y", DType.F32));

        assertFloats(y, Shape.of(2, 3), 8, 9, 10, 21, 22, 23);
    }

    @Test
    void add_opset6AxisOutsideRank_isInvalid() {
        Attributes attributes = with().put("broadcast", 1).put("axis", 2).build();

        assertThatThrownBy(() -> run(model(6).constant("b", Tensor.ofFloats(Shape.of(2), 10, 20))
                        .add(TestModel.node("Add", attributes, List.of("x", "b"), "y"))
                        .output("y", DType.F32)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("attribute axis 2");
    }

    @Test
    void pRelu_opset6SlopePerChannel_alignsAtAxisOne() throws IOException {
        Tensor y = run(new TestModel(6)
                .input("x", DType.F32, 2, 3)
                .add(TestModel.node("Reshape", Attributes.NONE, List.of("x", "shape"), "r"))
                .constant("shape", Tensor.vector(1, 2, 3))
                .constant("slope", Tensor.ofFloats(Shape.of(2), 10, 100))
                .add(TestModel.node("PRelu", Attributes.NONE, List.of("r", "slope"), "y"))
                .output("y", DType.F32));

        assertFloats(y, Shape.of(1, 2, 3), -20, -10, 0, 1, 2, 3);
    }

    @Test
    void clip_opset6Attributes_becomeLimits() throws IOException {
        Attributes attributes = with().put("min", -1f).put("max", 1.5f).build();

        assertFloats(run(6, "Clip", attributes), Shape.of(2, 3), -1, -1, 0, 1, 1.5f, 1.5f);
    }

    @Test
    void concat_opset1WithoutAxis_joinsAtAxisOne() throws IOException {
        Tensor y = run(model(1).add(TestModel.node("Concat", Attributes.NONE, List.of("x", "x"), "y"))
                .output("y", DType.F32));

        assertFloats(y, Shape.of(2, 6), -2, -1, 0, -2, -1, 0, 1, 2, 3, 1, 2, 3);
    }

    @Test
    void cast_opset5TypeName_becomesCode() throws IOException {
        Tensor y = run(
                model(5).add(TestModel.node("Cast", with().put("to", "INT32").build(), List.of("x"), "y"))
                        .output("y", DType.S32));

        assertThat(y.toLongs()).containsExactly(-2, -1, 0, 1, 2, 3);
    }

    @Test
    void pad_opset1Paddings_areReadAsPads() throws IOException {
        Attributes attributes =
                with().put("paddings", new long[] {0, 1, 0, 0}).put("value", 7f).build();

        assertFloats(run(1, "Pad", attributes), Shape.of(2, 4), 7, -2, -1, 0, 7, 1, 2, 3);
    }

    @Test
    void slice_opset1Attributes_becomeInputs() throws IOException {
        Attributes attributes = with().put("starts", new long[] {1})
                .put("ends", new long[] {3})
                .put("axes", new long[] {1})
                .build();

        assertFloats(run(1, "Slice", attributes), Shape.of(2, 2), -1, 0, 2, 3);
    }

    @Test
    void reshape_opset1Shape_becomesInput() throws IOException {
        Attributes attributes = with().put("shape", new long[] {3, -1}).build();

        assertFloats(run(1, "Reshape", attributes), Shape.of(3, 2), -2, -1, 0, 1, 2, 3);
    }

    @Test
    void reduceSum_opset11Axes_becomeInput() throws IOException {
        Attributes attributes =
                with().put("axes", new long[] {1}).put("keepdims", 0).build();

        assertFloats(run(11, "ReduceSum", attributes), Shape.of(2), -3, 6);
    }

    @Test
    void reduceMax_opset13Axes_becomeInput() throws IOException {
        Attributes attributes = with().put("axes", new long[] {0}).build();

        assertFloats(run(13, "ReduceMax", attributes), Shape.of(1, 3), 1, 2, 3);
    }

    @Test
    void squeeze_opset11AfterUnsqueeze_givesShapeBack() throws IOException {
        Attributes axes = with().put("axes", new long[] {1}).build();

        Tensor y = run(model(11)
                .add(TestModel.node("Unsqueeze", axes, List.of("x"), "u"))
                .add(TestModel.node("Squeeze", axes, List.of("u"), "y"))
                .output("y", DType.F32));

        assertFloats(y, Shape.of(2, 3), X.toFloats());
    }

    @Test
    void split_opset11WithoutSizes_splitsEvenly() throws IOException {
        Tensor y = run(model(11)
                .add(TestModel.node("Split", with().put("axis", 1).build(), List.of("x"), "a", "y", "c"))
                .output("y", DType.F32));

        assertFloats(y, Shape.of(2, 1), -1, 2);
    }

    @Test
    void split_opset2Sizes_becomeInput() throws IOException {
        Attributes attributes =
                with().put("axis", 1).put("split", new long[] {1, 2}).build();

        Tensor y = run(model(2).add(TestModel.node("Split", attributes, List.of("x"), "a", "y"))
                .output("y", DType.F32));

        assertFloats(y, Shape.of(2, 2), -1, 0, 2, 3);
    }

    @Test
    void topK_opset1CountAttribute_becomesInput() throws IOException {
        Tensor y = run(model(1).add(TestModel.node("TopK", with().put("k", 2).build(), List.of("x"), "y", "i"))
                .output("y", DType.F32));

        assertFloats(y, Shape.of(2, 2), 0, -1, 3, 2);
    }

    @Test
    void tile_opset1OneAxis_repeatsIt() throws IOException {
        Tensor y = run(model(1).constant("tiles", Tensor.scalar(DType.F32, 2))
                .constant("axis", Tensor.scalar(DType.F32, 0))
                .add(TestModel.node("Tile", Attributes.NONE, List.of("x", "tiles", "axis"), "y"))
                .output("y", DType.F32));

        assertFloats(y, Shape.of(4, 3), -2, -1, 0, 1, 2, 3, -2, -1, 0, 1, 2, 3);
    }

    @Test
    void softmax_opset11OnAxisZero_normalizesWholeMatrix() throws IOException {
        Tensor y = run(11, "Softmax", with().put("axis", 0).build());

        double sum = 0;
        for (float value : y.toFloats()) {
            sum += value;
        }
        assertThat(y.shape()).isEqualTo(X.shape());
        assertThat(sum).isBetween(1 - 1e-5, 1 + 1e-5);
        assertThat(y.getFloat(5) / y.getFloat(4)).isBetween(2.71827f, 2.71829f);
    }

    @Test
    void upsample_opset7Nearest_repeatsPixels() throws IOException {
        Attributes attributes = with().put("scales", new float[] {1, 2}).build();

        Tensor y = run(7, "Upsample", attributes);

        assertFloats(y, Shape.of(2, 6), -2, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3, 3);
    }

    @Test
    void resize_opset10Nearest_takesFloor() throws IOException {
        Tensor y = run(model(10)
                .constant("scales", Tensor.ofFloats(Shape.of(2), 1, 0.67f))
                .add(TestModel.node("Resize", Attributes.NONE, List.of("x", "scales"), "y"))
                .output("y", DType.F32));

        assertFloats(y, Shape.of(2, 2), -2, -1, 1, 2);
    }

    @Test
    void dropout_opset7WithMask_masksWithOnesOfItsType() throws IOException {
        Tensor y = run(
                model(7).add(TestModel.node("Dropout", with().put("ratio", 0.9f).build(), List.of("x"), "d", "y"))
                        .output("y", DType.F32));

        assertFloats(y, Shape.of(2, 3), 1, 1, 1, 1, 1, 1);
    }

    @Test
    void dropout_training_isUnsupported() {
        assertThatThrownBy(() -> run(model(13)
                        .constant("training", Tensor.scalar(DType.BOOL, 1))
                        .add(TestModel.node("Dropout", Attributes.NONE, List.of("x", "", "training"), "y"))
                        .output("y", DType.F32)))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.UNSUPPORTED))
                .hasMessageContaining("Dropout_0");
    }

    @Test
    void groupNormalization_opset18ScalePerGroup_spreadsOverChannels() throws IOException {
        Tensor y = run(model(18)
                .constant("shape", Tensor.vector(1, 6, 1))
                .constant("scale", Tensor.ofFloats(Shape.of(2), 1, 2))
                .constant("bias", Tensor.ofFloats(Shape.of(2), 0, 100))
                .add(TestModel.node("Reshape", Attributes.NONE, List.of("x", "shape"), "r"))
                .add(TestModel.node(
                        "GroupNormalization", with().put("num_groups", 2).build(), List.of("r", "scale", "bias"), "y"))
                .output("y", DType.F32));

        float step = (float) Math.sqrt(1.5);
        assertThat(y.shape()).isEqualTo(Shape.of(1, 6, 1));
        float[] expected = {-step, 0, step, 100 - 2 * step, 100, 100 + 2 * step};
        for (int i = 0; i < expected.length; i++) {
            assertThat(y.getFloat(i)).isBetween(expected[i] - 1e-3f, expected[i] + 1e-3f);
        }
    }
}
