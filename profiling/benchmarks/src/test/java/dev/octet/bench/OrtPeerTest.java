package dev.octet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.ModelException;
import dev.octet.runtime.PeerRuntime;
import dev.octet.runtime.PeerRuntimes;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrtPeerTest {
    @TempDir
    Path folder;

    @Test
    void named_ort_isFound() {
        assertThat(PeerRuntimes.named("ort"))
                .hasValueSatisfying(peer -> assertThat(peer.version()).startsWith("ONNX Runtime 1."));
        assertThat(PeerRuntimes.named("absent")).isEmpty();
    }

    /** A program for a process of its own: ONNX Runtime looks at a process's command line once. */
    static final class Version {
        private Version() {}

        public static void main(String[] args) {
            System.out.println(new OrtRuntime().version());
        }
    }

    @Test
    void version_longCommandLine_endsAsUsual() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dpadding=" + "a".repeat(30_000),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Version.class.getName())
                .redirectErrorStream(true)
                .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("ONNX Runtime 1.");
    }

    @ParameterizedTest
    @CsvSource({"F32,1", "U8,2", "S8,3", "S16,5", "S32,6", "S64,7", "BOOL,9", "F16,10", "F64,11"})
    void run_identity_returnsEveryBit(DType dtype, int elementType) throws IOException {
        Shape shape = Shape.of(2, 3);
        Tensor input = Tensor.allocate(dtype, shape);
        for (int i = 0; i < 6; i++) {
            input.setDouble(i, dtype == DType.U8 ? 250 + i : dtype == DType.BOOL ? i % 2 : 3 - i * 1.5);
        }

        try (PeerRuntime.Peer peer = new OrtRuntime().open(write(TinyModel.identity(elementType, 2, 3)), 1)) {
            Tensor output = onlyOutput(peer, input);

            assertThat(output.contentEquals(input))
                    .as("%s and %s are equal", output, input)
                    .isTrue();
        }
    }

    @Test
    void run_scalarAndEmpty_keepTheirShape() throws IOException {
        try (PeerRuntime.Peer peer = new OrtRuntime().open(write(TinyModel.identity(1)), 1)) {
            Tensor output = onlyOutput(peer, Tensor.scalar(-2.5f));
            assertThat(output.contentEquals(Tensor.scalar(-2.5f))).isTrue();
        }
        try (PeerRuntime.Peer peer = new OrtRuntime().open(write(TinyModel.identity(1, 0, 4)), 1)) {
            Tensor empty = Tensor.allocate(DType.F32, Shape.of(0, 4));
            assertThat(onlyOutput(peer, empty).shape()).isEqualTo(Shape.of(0, 4));
        }
    }

    @Test
    void open_names_areTheModels() throws IOException {
        try (PeerRuntime.Peer peer = new OrtRuntime().open(write(TinyModel.identity(1, 2)), 2)) {
            assertThat(peer.inputNames()).containsExactly("x");
            assertThat(peer.outputNames()).containsExactly("y");
        }
    }

    @Test
    void prepare_identity_runsManyTimes() throws IOException {
        Map<String, Tensor> inputs = Map.of("x", Tensor.ofFloats(Shape.of(2), 1, 2));
        try (PeerRuntime.Peer peer = new OrtRuntime().open(write(TinyModel.identity(1, 2)), 1);
                PeerRuntime.Prepared prepared = peer.prepare(inputs)) {
            assertThatCode(() -> {
                        prepared.run();
                        prepared.run();
                    })
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void prepare_wrongShape_isADataFaultOfTheRun() throws IOException {
        Map<String, Tensor> inputs = Map.of("x", Tensor.ofFloats(Shape.of(3), 1, 2, 3));
        try (PeerRuntime.Peer peer = new OrtRuntime().open(write(TinyModel.identity(1, 2)), 1);
                PeerRuntime.Prepared prepared = peer.prepare(inputs)) {
            assertThatThrownBy(prepared::run)
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.DATA));
        }
    }

    @Test
    void run_wrongShape_isADataFault() throws IOException {
        try (PeerRuntime.Peer peer = new OrtRuntime().open(write(TinyModel.identity(1, 2)), 1)) {
            Map<String, Tensor> inputs = Map.of("x", Tensor.ofFloats(Shape.of(3), 1, 2, 3));

            assertThatThrownBy(() -> peer.run(inputs))
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.DATA));
        }
    }

    @Test
    void open_noModel_isInvalid() throws IOException {
        Path broken = write(new byte[] {1, 2, 3});

        assertThatThrownBy(() -> new OrtRuntime().open(broken, 1))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.INVALID));
    }

    private static Tensor onlyOutput(PeerRuntime.Peer peer, Tensor input) {
        Map<String, Tensor> outputs = peer.run(Map.of("x", input));
        assertThat(outputs).containsOnlyKeys("y");
        return outputs.values().iterator().next();
    }

    private Path write(byte[] model) throws IOException {
        return Files.write(Files.createTempFile(folder, "tiny", ".onnx"), model);
    }
}
