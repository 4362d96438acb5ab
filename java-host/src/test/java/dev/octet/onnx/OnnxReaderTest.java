package dev.octet.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Attributes;
import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxReaderTest {
    private static final Attributes NONE = Attributes.NONE;

    @TempDir
    Path folder = Path.of("");

    private Graph read(TestModel model) throws IOException {
        return OnnxReader.read(model.write(folder));
    }

    private static MessageWriter relu(String input, String output) {
        return TestModel.node("Relu", NONE, List.of(input), output);
    }

    @Test
    void read_initializerAmongInputs_isConstantNotInput() throws IOException {
        Graph graph = read(new TestModel(3, 9)
                .input("x", DType.F32, 2)
                .input("w", DType.F32, 2)
                .constant("w", Tensor.ofFloats(Shape.of(2), 1, 2))
                .add(TestModel.node("Add", NONE, List.of("x", "w"), "y"))
                .output("y", DType.F32));

        assertThat(graph.inputs()).extracting(ValueInfo::name).containsExactly("x");
        assertThat(graph.isConstant("w")).isTrue();
    }

    @Test
    void read_nodesWithoutNames_areNamedByOperatorAndPosition() throws IOException {
        Graph graph = read(new TestModel(17)
                .input("x", DType.F32, 2)
                .add(relu("x", "a"))
                .add(relu("a", "y"))
                .output("y", DType.F32));

        assertThat(graph.nodes()).extracting(Node::name).containsExactly("Relu_0", "Relu_1");
    }

    @Test
    void read_nodesInReverse_areSorted() throws IOException {
        Graph graph = read(new TestModel(17)
                .input("x", DType.F32, 2)
                .add(relu("a", "y"))
                .add(relu("x", "a"))
                .output("y", DType.F32));

        assertThat(graph.nodes()).extracting(Node::name).containsExactly("Relu_1", "Relu_0");
    }

    @Test
    void read_constantNode_becomesConstant() throws IOException {
        Graph graph = read(new TestModel(17)
                .input("x", DType.F32, 2)
                .add(TestModel.node(
                        "Constant",
                        Attributes.builder()
                                .put("value_floats", new float[] {3, 4})
                                .build(),
                        List.of(),
                        "c"))
                .add(TestModel.node("Add", NONE, List.of("x", "c"), "y"))
                .output("y", DType.F32));

        assertThat(graph.nodes()).hasSize(1);
        assertThat(graph.constant("c").orElseThrow().toFloats()).containsExactly(3, 4);
    }

    @Test
    void read_sparseInitializer_becomesDense() throws IOException {
        MessageWriter sparse = new MessageWriter()
                .message(1, AttributeWriter.tensor("w", Tensor.ofFloats(Shape.of(2), 7, 8)))
                .message(2, AttributeWriter.tensor("", Tensor.ofLongs(Shape.of(2, 2), 0, 1, 1, 2)))
                .varint(3, 2)
                .varint(3, 3);

        Graph graph = read(new TestModel(17)
                .input("x", DType.F32, 2, 3)
                .sparseConstant(sparse)
                .add(TestModel.node("Add", NONE, List.of("x", "w"), "y"))
                .output("y", DType.F32));

        Tensor dense = graph.constant("w").orElseThrow();
        assertThat(dense.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(dense.toFloats()).containsExactly(0, 7, 0, 0, 0, 8);
    }

    @Test
    void read_functionCall_isInlinedWithItsAttributes() throws IOException {
        MessageWriter alphaFromCall =
                new MessageWriter().text(1, "alpha").text(21, "slope").varint(20, 1);
        MessageWriter leaky = new MessageWriter()
                .text(1, "in")
                .text(2, "inner")
                .text(4, "LeakyRelu")
                .message(5, alphaFromCall);
        MessageWriter function = new MessageWriter()
                .text(1, "F")
                .text(4, "in")
                .text(5, "out")
                .text(6, "slope")
                .message(7, leaky)
                .message(7, relu("inner", "out"))
                .message(9, TestModel.opsetId("", 17))
                .text(10, "local");

        Graph graph = read(new TestModel(17)
                .importDomain("local", 1)
                .function(function)
                .input("x", DType.F32, 2)
                .add(TestModel.node(
                        "local", "F", Attributes.builder().put("slope", 0.25f).build(), List.of("x"), "a"))
                .add(TestModel.node(
                        "local", "F", Attributes.builder().put("slope", 0.5f).build(), List.of("a"), "y"))
                .output("y", DType.F32));

        assertThat(graph.nodes()).hasSize(4);
        assertThat(graph.nodes().get(0).op().attributes().real("alpha", 0)).isEqualTo(0.25f);
        assertThat(graph.nodes().get(2).op().attributes().real("alpha", 0)).isEqualTo(0.5f);
        assertThat(graph.nodes().get(3).output()).isEqualTo("y");
    }

    @Test
    void read_functionOutputIsItsInput_copiesIt() throws IOException {
        MessageWriter function = new MessageWriter()
                .text(1, "Same")
                .text(4, "v")
                .text(5, "v")
                .message(9, TestModel.opsetId("", 17))
                .text(10, "local");

        Graph graph = read(new TestModel(17)
                .importDomain("local", 1)
                .function(function)
                .input("x", DType.F32, 2)
                .add(TestModel.node("local", "Same", NONE, List.of("x"), "y"))
                .output("y", DType.F32));

        assertThat(graph.nodes()).singleElement().satisfies(node -> {
            assertThat(node.op().type().name()).isEqualTo("Identity");
            assertThat(node.input(0)).isEqualTo("x");
        });
    }

    @Test
    void read_symbolicExtents_areKeptByName() throws IOException {
        MessageWriter shape = new MessageWriter()
                .message(1, new MessageWriter().text(2, "batch"))
                .message(1, new MessageWriter())
                .message(1, new MessageWriter().varint(1, 3));
        MessageWriter type =
                new MessageWriter().message(1, new MessageWriter().varint(1, 1).message(2, shape));
        MessageWriter graph = new MessageWriter()
                .message(1, relu("x", "y"))
                .message(11, new MessageWriter().text(1, "x").message(2, type))
                .message(12, new MessageWriter().text(1, "y").message(2, type));
        Path path = folder.resolve("symbols.onnx");
        Files.write(
                path,
                new MessageWriter()
                        .varint(1, 8)
                        .message(8, TestModel.opsetId("", 17))
                        .message(7, graph)
                        .toBytes());

        List<Dim> dims = OnnxReader.read(path).inputs().get(0).dims().orElseThrow();

        assertThat(dims).containsExactly(new Dim.Symbol("batch"), new Dim.Symbol(""), new Dim.Known(3));
    }

    @Test
    void read_operatorNewerThanOpset_isInvalid() {
        assertThatThrownBy(() -> read(new TestModel(13)
                        .input("x", DType.F32, 2)
                        .add(TestModel.node("Gelu", NONE, List.of("x"), "y"))
                        .output("y", DType.F32)))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.INVALID))
                .hasMessageContaining("node \"Gelu_0\" (Gelu): operator Gelu exists since opset 20")
                .hasMessageContaining("declares opset 13");
    }

    @Test
    void read_subgraphAttribute_isUnsupportedNamingTheNode() {
        MessageWriter branch = new MessageWriter()
                .text(1, "then_branch")
                .message(6, new MessageWriter().text(2, "branch"))
                .varint(20, 5);
        MessageWriter node = TestModel.node("If", NONE, List.of("x"), "y").message(5, branch);

        assertThatThrownBy(() -> read(
                        new TestModel(17).input("x", DType.BOOL, 1).add(node).output("y", DType.F32)))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.UNSUPPORTED))
                .hasMessageContaining("node \"If_0\" (If)");
    }

    @Test
    void read_tensorInNumericFields_equalsRawData() throws IOException {
        MessageWriter tensor = new MessageWriter()
                .bytes(1, new byte[] {3})
                .varint(2, 3)
                .varint(5, -128)
                .varint(5, 0)
                .varint(5, 127)
                .text(8, "w");

        Path path = folder.resolve("w.pb");
        Files.write(path, tensor.toBytes());
        TensorProtoFile.Named read = TensorProtoFile.read(path);

        assertThat(read.name()).isEqualTo("w");
        assertThat(read.tensor().dtype()).isEqualTo(DType.S8);
        assertThat(read.tensor().toBytes()).containsExactly(-128, 0, 127);
    }

    @Test
    void readTensor_written_isEqual() throws IOException {
        for (DType dtype : DType.values()) {
            Tensor tensor = Tensor.allocate(dtype, Shape.of(3, 1));
            for (int i = 0; i < 3; i++) {
                tensor.setDouble(i, i % 2);
            }
            Path path = folder.resolve("t.pb");

            TensorProtoFile.write(path, new TensorProtoFile.Named("t", tensor));

            TensorProtoFile.Named read = TensorProtoFile.read(path);
            assertThat(read.tensor().contentEquals(tensor)).as(dtype.label()).isTrue();
            assertThat(read.name()).isEqualTo("t");
        }
    }
}
