package dev.octet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.ModelException;
import dev.octet.tensor.DType;
import dev.octet.tensor.InputException;
import dev.octet.tensor.LimitException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {
    @TempDir
    Path folder;

    static byte[] npy(int version, String text, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        byte[] header = text.getBytes(StandardCharsets.UTF_8);
        out.write(header.length & 0xFF);
        out.write(header.length >> 8);
        if (version > 1) {
            out.writeBytes(new byte[2]);
        }
        out.writeBytes(header);
        out.writeBytes(data);
        return out.toByteArray();
    }

    static String header(String descr, String order, String shape) {
        return "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("x.npy"), content);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64", "F16", "S64", "S32", "S16", "S8", "U64", "U32", "U16", "U8"})
    void write_everyType_readsBackEqual(DType dtype) throws IOException {
        Tensor tensor = dtype.isFloat()
                ? TestTensors.uniform(dtype, Shape.of(3, 1, 7), 100, 51)
                : TestTensors.integers(dtype, Shape.of(3, 1, 7), 51);
        Path path = folder.resolve("t.npy");

        NpyFile.write(path, tensor);

        assertThat(NpyFile.read(path).contentEquals(tensor)).isTrue();
        assertThat(NpyFile.open(path).header().sizeBytes() % 64).isZero();
    }

    @ParameterizedTest
    @CsvSource({"'[]', '()'", "'[5]', '(5,)'", "'[0,3]', '(0, 3)'"})
    void write_anyShape_hasNumPysTuple(String shape, String tuple) throws IOException {
        Shape dims = switch (shape) {
            case "[]" -> Shape.SCALAR;
            case "[5]" -> Shape.of(5);
            default -> Shape.of(0, 3);
        };
        Path path = folder.resolve("t.npy");

        NpyFile.write(path, Tensor.allocate(DType.U8, dims));

        assertThat(Files.readString(path, StandardCharsets.ISO_8859_1))
                .contains("{'descr': '|u1', 'fortran_order': False, 'shape': " + tuple + ", }");
        assertThat(NpyFile.read(path).shape()).isEqualTo(dims);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void read_everyVersion_givesElements(int version) throws IOException {
        Path path = file(npy(version, header("'<i2'", "False", "(2,)"), new byte[] {1, 0, -1, -1}));

        assertThat(NpyFile.read(path).toLongs()).containsExactly(1, -1);
    }

    @Test
    void read_largerThanAChunk_readsAll() throws IOException {
        Tensor tensor = TestTensors.integers(DType.S32, Shape.of(5, 7001), 52);
        Path path = folder.resolve("t.npy");
        NpyFile.write(path, tensor);

        assertThat(NpyFile.read(path).contentEquals(tensor)).isTrue();
        Tensor row = NpyFile.open(path).row(3);
        assertThat(row.shape()).isEqualTo(Shape.of(1, 7001));
        assertThat(row.getLong(7000)).isEqualTo(tensor.getLong(4 * 7001 - 1));
    }

    @Test
    void read_fortranOrderOfOneAxis_isTheSame() throws IOException {
        Path path = file(npy(1, header("'|u1'", "True", "(1, 3)"), new byte[] {1, 2, 3}));

        assertThat(NpyFile.read(path).toLongs()).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'>f4'|False|(1,)|type >f4",
                "'|O'|False|(1,)|type |O",
                "'<c8'|False|(1,)|type <c8",
                "[('a', '<f4')]|False|(1,)|type [",
                "'<f4'|True|(2, 2)|Fortran",
                "'<f4'|Maybe|(1,)|fortran_order",
                "'<f4'|False|(-1,)|shape",
                "'<f4'|False|(99999999999999999999,)|too large",
                "'<f4'|False|(4294967296, 4294967296)|too large",
                "'<f8'|False|(2305843009213693951,)|impossible size",
                "'<f4'|False|(2,)|header says"
            })
    void read_unsupportedOrWrong_saysWhat(String descr, String order, String shape, String message) throws IOException {
        Path path = file(npy(1, header(unquoted(descr), order, shape), new byte[4]));

        assertThatThrownBy(() -> NpyFile.read(path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("x.npy")
                .hasMessageContaining(message);
    }

    /** The CSV source strips single quotes around a whole field. */
    private static String unquoted(String descr) {
        return descr.startsWith("[") || descr.startsWith("'") ? descr : "'" + descr + "'";
    }

    @Test
    void read_cutAnywhere_isRefused() throws IOException {
        byte[] whole = npy(1, header("'<f4'", "False", "(3,)"), new byte[12]);
        for (int length = 0; length < whole.length; length++) {
            Path path = file(Arrays.copyOf(whole, length));

            assertThatThrownBy(() -> NpyFile.read(path)).as("length %d", length).isInstanceOf(InputException.class);
        }
        Path longer = file(Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> NpyFile.read(longer)).isInstanceOf(InputException.class);
    }

    @Test
    void read_hugeHeader_isNotAllocated() throws IOException {
        byte[] bytes = npy(2, "", new byte[0]);
        bytes[8] = bytes[9] = bytes[10] = bytes[11] = -1;
        Path path = file(bytes);

        assertThatThrownBy(() -> NpyFile.read(path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("header of");
    }

    @Test
    void read_missingFile_saysSo() {
        assertThatThrownBy(() -> NpyFile.read(folder.resolve("none.npy")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void write_typeWithoutNumPyName_isRefused() {
        assertThatThrownBy(() -> NpyFile.write(folder.resolve("t.npy"), Tensor.allocate(DType.BF16, Shape.of(1))))
                .isInstanceOf(ModelException.class);
        assertThat(folder.resolve("t.npy")).doesNotExist();
    }

    @Test
    void read_arrayLargerThanTheHeap_isALimitThatNamesTheFile() throws IOException {
        Path file = folder.resolve("large.npy");
        Shape shape = Shape.of(Runtime.getRuntime().maxMemory() / 4 + 1);
        byte[] header = NpyHeader.write(DType.F32, shape);
        Files.write(file, header);
        try (java.io.RandomAccessFile sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(header.length + 4 * shape.elementCount());
        }

        assertThatThrownBy(() -> NpyFile.read(file))
                .isInstanceOf(LimitException.class)
                .hasMessageContainingAll("large.npy", "Java");
    }
}
