package dev.octet.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models made to cost time or memory out of proportion to their size, or to reach other files. */
class HostileModelTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path folder = Path.of("");

    private static MessageWriter relu(String input, String output) {
        return TestModel.node("Relu", Attributes.NONE, List.of(input), output);
    }

    private static TestModel withInput() {
        return new TestModel(17).input("x", DType.F32, 2);
    }

    private void assertRefused(Path file, ReadOptions options, ModelException.Kind kind, String... words) {
        assertTimeout(
                SOON,
                () -> assertThatThrownBy(() -> OnnxReader.read(file, options))
                        .isInstanceOfSatisfying(
                                ModelException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                        .hasMessageContaining("model.onnx")
                        .hasMessageContainingAll(words));
    }

    @Test
    void read_unknownAttributes_areToldOnceAnOperator() throws IOException {
        Attributes odd = Attributes.builder().put("colour", 3).build();
        Path file = withInput()
                .add(TestModel.node("Relu", odd, List.of("x"), "a"))
                .add(TestModel.node("Relu", odd, List.of("a"), "y"))
                .output("y", DType.F32)
                .write(folder);
        List<String> warnings = new ArrayList<>();

        OnnxReader.read(file, warnings::add);

        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("model.onnx: node \"Relu_0\" (Relu): attribute colour", "ignored");
    }

    @Test
    void read_manyNodesOfOneName_takesTimeInProportion() throws IOException {
        TestModel model = withInput();
        for (int i = 0; i < 30_000; i++) {
            model.add(relu(i == 0 ? "x" : "v" + i, "v" + (i + 1)).text(3, "same"));
        }
        Path file = model.output("v30000", DType.F32).write(folder);

        Graph graph = assertTimeout(SOON, () -> OnnxReader.read(file));

        assertThat(graph.nodes().get(29_999).name()).isEqualTo("same_29999");
    }

    @Test
    void read_functionsThatDoubleAndDoNothing_areRefused() throws IOException {
        TestModel model = withInput().importDomain("f", 1);
        for (int depth = 0; depth < 31; depth++) {
            MessageWriter function =
                    new MessageWriter().text(1, "f" + depth).text(10, "f").message(9, TestModel.opsetId("f", 1));
            if (depth < 30) {
                MessageWriter call = TestModel.node("f", "f" + (depth + 1), Attributes.NONE, List.of());
                function.message(7, call).message(7, call);
            }
            model.function(function);
        }
        Path file = model.add(TestModel.node("f", "f0", Attributes.NONE, List.of()))
                .add(relu("x", "y"))
                .output("y", DType.F32)
                .write(folder);

        assertRefused(file, ReadOptions.defaults(), ModelException.Kind.LIMIT, "once inlined");
    }

    @Test
    void read_largerFileThanTheLimit_isRefused() throws IOException {
        Path file = withInput()
                .constant("w", Tensor.allocate(DType.F32, Shape.of(1000)))
                .add(relu("x", "y"))
                .output("y", DType.F32)
                .write(folder);

        assertRefused(
                file,
                ReadOptions.defaults().withMaxBytes(3000),
                ModelException.Kind.LIMIT,
                "the limit is 3000; --max-model-size raises it");
        assertThat(OnnxReader.read(file, ReadOptions.defaults().withMaxBytes(5000))
                        .constants())
                .hasSize(1);
    }

    @Test
    void read_manyTensorsOfOneExternalRegion_countEachTime() throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[4000]);
        TestModel model = withInput();
        for (int i = 0; i < 10; i++) {
            model.externalConstant("w" + i, "w.bin", 1000);
        }
        Path file = model.add(relu("x", "y")).output("y", DType.F32).write(folder);

        assertThat(OnnxReader.read(file, ReadOptions.defaults().withMaxBytes(40_000))
                        .constants())
                .hasSize(10);
        assertRefused(
                file,
                ReadOptions.defaults().withMaxBytes(39_999),
                ModelException.Kind.LIMIT,
                "tensor \"w9\"",
                "--max-model-size raises it");
    }

    @Test
    void read_zeroPointOfATypeThatIsNotQuantized_isInvalid() throws IOException {
        for (DType dtype : List.of(DType.S64, DType.F32, DType.BOOL)) {
            Path file = withInput()
                    .constant("scale", Tensor.scalar(1))
                    .constant("zero", Tensor.allocate(dtype, Shape.SCALAR))
                    .add(TestModel.node("QuantizeLinear", Attributes.NONE, List.of("x", "scale", "zero"), "y"))
                    .output("y", dtype)
                    .write(folder);

            assertRefused(
                    file,
                    ReadOptions.defaults(),
                    ModelException.Kind.INVALID,
                    "QuantizeLinear_0",
                    "it quantizes to " + dtype.label());
        }
    }

    @Test
    void read_moreNodesThanTheLimit_areRefused() throws IOException {
        TestModel model = withInput();
        for (int i = 0; i <= Wire.MAX_ENTRIES; i++) {
            model.add(relu("x", "y" + i));
        }
        Path file = model.output("y0", DType.F32).write(folder);

        assertRefused(file, ReadOptions.defaults(), ModelException.Kind.LIMIT, "more than 65536 nodes in a graph");
    }

    @Test
    void read_millionsOfEmptyMessages_areRefused() throws IOException {
        byte[] valueInfos = new byte[2 * (Wire.MAX_PARTS + 1)];
        for (int i = 0; i < valueInfos.length; i += 2) {
            valueInfos[i] = 0x6A;
        }
        Path file = folder.resolve("model.onnx");
        Files.write(
                file,
                new MessageWriter()
                        .varint(1, 8)
                        .message(8, TestModel.opsetId("", 17))
                        .bytes(7, valueInfos)
                        .toBytes());

        assertRefused(file, ReadOptions.defaults(), ModelException.Kind.LIMIT, "messages and texts");
    }

    @Test
    void read_externalDataBelowAFolderLink_isRefused() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Files.write(real.resolve("w.bin"), new byte[4000]);
        Files.createSymbolicLink(folder.resolve("link"), real);
        Path inside = withInput()
                .externalConstant("w", "real/w.bin", 1000)
                .add(relu("x", "y"))
                .output("y", DType.F32)
                .write(folder);
        assertThat(OnnxReader.read(inside).constants()).hasSize(1);

        Path linked = withInput()
                .externalConstant("w", "link/w.bin", 1000)
                .add(relu("x", "y"))
                .output("y", DType.F32)
                .write(folder);

        assertRefused(linked, ReadOptions.defaults(), ModelException.Kind.INVALID, "tensor \"w\"", "symlink");
    }

    @Test
    void read_sizeOfAnInputBeyond64Bits_isALimit() throws IOException {
        Path file = new TestModel(17)
                .input("x", DType.F32, 1L << 40, 1L << 40)
                .add(relu("x", "y"))
                .output("y", DType.F32)
                .write(folder);

        assertRefused(file, ReadOptions.defaults(), ModelException.Kind.LIMIT, "overflows");
    }

    @Test
    void read_flagThatIsNeitherZeroNorOne_isInvalid() throws IOException {
        Attributes two = Attributes.builder().put("keepdims", 2).build();
        Path file = withInput()
                .add(TestModel.node("ReduceSum", two, List.of("x"), "y"))
                .output("y", DType.F32)
                .write(folder);

        assertRefused(
                file, ReadOptions.defaults(), ModelException.Kind.INVALID, "attribute keepdims is 2, expected 0 or 1");
    }
}
