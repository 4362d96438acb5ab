package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.data.NpyFile;
import dev.octet.onnx.TensorProtoFile;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.BadInputs;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that are damaged, of the wrong kind, or made to hurt, as the user of a command meets them. */
class HostileDataTest {
    @TempDir
    private Path folder;

    private Path data = Path.of("");

    @BeforeEach
    void makeDataFolder() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
    }

    private static void assertFails(CommandRun run, ExitCode code, String... words) {
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.err()).hasLineCount(1).contains(words);
        assertThat(run.out()).isEmpty();
    }

    private CommandRun quantize() throws IOException {
        return CommandRun.of("quantize", TinyModels.relu(folder), "-o", folder.resolve("q.onnx"), "--data", data);
    }

    private CommandRun evalImages() throws IOException {
        return CommandRun.of("eval", TinyModels.colours(folder), "--data", data, "--preprocess", "raw", "--json");
    }

    private void image(String name) throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64; i++) {
            image.setRGB(i % 8, i / 8, 0x10000 * i + 77 * i);
        }
        assertThat(ImageIO.write(image, "png", data.resolve(name).toFile())).isTrue();
    }

    /** Thirty images, the last ones with a sound header and damaged pixels. */
    private void images(int damaged) throws IOException {
        StringBuilder table = new StringBuilder("file,label\n");
        for (int i = 0; i < 30; i++) {
            String name = "i" + i + ".png";
            image(name);
            table.append(name).append(",0\n");
            if (i >= 30 - damaged) {
                damagePixels(data.resolve(name));
            }
        }
        Files.writeString(data.resolve("labels.csv"), table);
    }

    private static void damagePixels(Path png) throws IOException {
        byte[] bytes = Files.readAllBytes(png);
        int pixels = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("IDAT") + 4;
        Arrays.fill(bytes, pixels + 2, pixels + 20, (byte) 0xFF);
        Files.write(png, bytes);
    }

    @Test
    void eval_moreLabelsThanTheLimit_isRefusedUnread() throws IOException {
        Files.writeString(data.resolve("labels.csv"), "file,label\n" + "a.png,1\n".repeat(1 << 19));

        assertFails(evalImages(), ExitCode.LIMIT, "labels.csv has more than 524288 lines");
    }

    @Test
    void eval_emptyFolder_isInvalidInput() throws IOException {
        assertFails(evalImages(), ExitCode.INVALID_INPUT, data + " holds no data");
    }

    @Test
    void eval_imagesWithoutLabels_isInvalidInput() throws IOException {
        image("a.png");

        assertFails(evalImages(), ExitCode.INVALID_INPUT, "a.png has no label", "labels.csv");
    }

    @Test
    void eval_oneImageOfThirtyDamagedInside_leavesItOutAndSaysSo() throws IOException {
        images(1);

        CommandRun run = evalImages();

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.json().path("count").asInt()).isEqualTo(29);
        assertThat(run.err()).contains("skipped " + data.resolve("i29.png"));
    }

    @Test
    void eval_twoImagesOfThirtyDamagedInside_isInvalidInput() throws IOException {
        images(2);

        assertFails(evalImages(), ExitCode.INVALID_INPUT, "2 of 30 images cannot be read", "i28.png");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'no header'|must begin with the line file,label",
                "'file,label\na.png'|line 2",
                "'file,label\na.png,0\nb.png,dog'|line 3",
                "'file,label\na.png,0\n\nb.png,1.5'|line 4",
                "'file,label\n../secret.png,1'|line 2",
                "'file,label\n/etc/passwd,1'|line 2",
                "'file,label\na.png,99999999999999999999'|line 2",
                "'file,label\na.png,0\na.png,1'|line 3",
                "'file,label'|no images"
            })
    void eval_faultyLabels_namesTheLine(String table, String words) throws IOException {
        image("a.png");
        image("b.png");
        Files.writeString(data.resolve("labels.csv"), table);

        assertFails(evalImages(), ExitCode.INVALID_INPUT, data.toString(), words);
    }

    @Test
    void eval_controlCharactersInAFileName_areEscaped() throws IOException {
        Files.writeString(data.resolve("labels.csv"), "file,label\n\u001b[31mred\u0007.png,0\n");

        assertFails(evalImages(), ExitCode.INVALID_INPUT, "\\u001b[31mred\\u0007.png");
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels.csv", "inputs.npy", "1.npz"})
    void quantize_pipeInPlaceOfAFile_isInvalidInputAtOnce(String name) throws IOException {
        BadInputs.makePipe(data.resolve(name));

        assertFails(quantize(), ExitCode.INVALID_INPUT, name, "not a regular file");
    }

    private void npy(String header, int dataBytes) throws IOException {
        byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] file = new byte[10 + text.length + dataBytes];
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, (byte) (text.length >> 8)};
        System.arraycopy(start, 0, file, 0, start.length);
        System.arraycopy(text, 0, file, start.length, text.length);
        Files.write(data.resolve("inputs.npy"), file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }|23|header says",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }|25|header says",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }|32|input \"x\"",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }|24|input \"x\"",
                "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }|24|little-endian",
                "{'descr': 'O', 'fortran_order': False, 'shape': (2, 3), }|24|of type O",
                "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }|24|Fortran",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3), }|0|no samples",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 0), }|0|no samples",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (), }|4|no samples",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 3), }|24|inputs.npy",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), }|24|shape",
                "{'descr': '<f4', 'fortran_order': False}|24|shape",
                "nothing of the kind|24|descr"
            },
            quoteCharacter = '`')
    void quantize_faultyNpy_isInvalidInput(String header, int dataBytes, String words) throws IOException {
        npy(header, dataBytes);

        assertFails(quantize(), ExitCode.INVALID_INPUT, "inputs.npy", words);
        assertThat(folder.resolve("q.onnx")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"50000000, INVALID_INPUT, compressed size", "3000000000000, LIMIT, limit"})
    void quantize_npzThatClaimsMoreThanItHolds_isRefusedBeforeAllocating(long rows, ExitCode code, String words)
            throws IOException {
        bomb(rows, 1000);

        assertFails(quantize(), code, "1.npz!x.npy", words);
    }

    @Test
    void quantize_npzThatUnpacksToGigabytes_isALimit() throws IOException {
        bomb(100_000_000, 2 << 20);

        assertFails(quantize(), ExitCode.LIMIT, "1.npz!x.npy", "1200000000 bytes");
    }

    /** Zeros compress a thousandfold; {@code noise} random bytes after them make the entry as large as wanted. */
    private void bomb(long rows, int noise) throws IOException {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", 3), }\n";
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0};
        byte[] filler = new byte[noise];
        new java.util.Random(7).nextBytes(filler);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(data.resolve("1.npz")))) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(start);
            zip.write(header.getBytes(StandardCharsets.ISO_8859_1));
            zip.write(filler);
            zip.closeEntry();
        }
    }

    @Test
    void quantize_damagedTensorProto_isInvalidInput() throws IOException {
        Path set = Files.createDirectories(data.resolve("set_0"));
        Path file = set.resolve("input_0.pb");
        TensorProtoFile.write(file, new TensorProtoFile.Named("x", Tensor.ofFloats(Shape.of(1, 3), 1, 2, 3)));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 3));

        assertFails(quantize(), ExitCode.INVALID_INPUT, "input_0.pb", "byte offset");
    }

    @Test
    void quantize_notANumberInTheData_namesTheTensor() throws IOException {
        NpyFile.write(data.resolve("inputs.npy"), Tensor.ofFloats(Shape.of(2, 3), 1, 2, 3, 4, Float.NaN, 6));

        assertFails(quantize(), ExitCode.DATA, "tensor \"x\" holds NaN");
        assertThat(folder.resolve("q.onnx")).doesNotExist();
    }

    @Test
    void quantize_activationsThatOverflow_namesTheTensor() throws IOException {
        NpyFile.write(data.resolve("inputs.npy"), Tensor.ofFloats(Shape.of(1, 3), 3e38f, 3e38f, -3e38f));

        assertFails(
                CommandRun.of("quantize", TinyModels.chain(folder), "-o", folder.resolve("q.onnx"), "--data", data),
                ExitCode.DATA,
                "tensor \"p\" holds Infinity");
    }

    @Test
    void quantize_dataOfOneValue_works() throws IOException {
        for (float value : new float[] {0, 1e-42f, -2, 3e38f / 8}) {
            Tensor same = Tensor.allocate(DType.F32, Shape.of(2, 3));
            for (int i = 0; i < 6; i++) {
                same.setFloat(i, value);
            }
            NpyFile.write(data.resolve("inputs.npy"), same);

            CommandRun run = quantize();

            assertThat(run.code()).as(value + ": " + run.err()).isEqualTo(ExitCode.OK);
        }
    }
}
