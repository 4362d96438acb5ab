package dev.octet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.tensor.DType;
import dev.octet.tensor.InputException;
import dev.octet.tensor.LimitException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzFileTest {
    @TempDir
    Path folder;

    private Path zip(String name, byte[] content) throws IOException {
        Path path = folder.resolve("x.npz");
        try (OutputStream out = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
            zip.closeEntry();
        }
        return path;
    }

    @Test
    void write_severalArrays_readBackEqualAndInOrder() throws IOException {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("b", TestTensors.uniform(DType.F32, Shape.of(2, 3, 5), 1, 61));
        arrays.put("a/x", TestTensors.integers(DType.S64, Shape.of(70_001), 62));
        arrays.put("empty", Tensor.allocate(DType.U8, Shape.of(0)));
        Path path = folder.resolve("t.npz");
        Path again = folder.resolve("u.npz");

        NpzFile.write(path, arrays);
        NpzFile.write(again, arrays);

        Map<String, Tensor> read = NpzFile.read(path);
        assertThat(read.keySet()).containsExactly("b", "a/x", "empty");
        arrays.forEach((name, tensor) -> assertThat(
                        java.util.Objects.requireNonNull(read.get(name)).contentEquals(tensor))
                .isTrue());
        assertThat(Files.mismatch(path, again)).isEqualTo(-1);
    }

    @Test
    void read_claimBeyondWhatWasCompressed_isRefusedBeforeAllocating() throws IOException {
        byte[] small = NpyFileTest.npy(1, NpyFileTest.header("'|u1'", "False", "(1000000000,)"), new byte[100]);

        assertThatThrownBy(() -> NpzFile.read(zip("x.npy", small)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("x.npz!x.npy")
                .hasMessageContaining("compressed size");
    }

    @Test
    void read_claimBeyondTheLimit_isRefused() throws IOException {
        byte[] huge = NpyFileTest.npy(1, NpyFileTest.header("'|u1'", "False", "(2000000000,)"), new byte[100]);

        assertThatThrownBy(() -> NpzFile.read(zip("x.npy", huge)))
                .isInstanceOf(LimitException.class)
                .hasMessageContaining("limit");
    }

    @Test
    void read_moreOrLessThanClaimed_isRefused() throws IOException {
        String header = NpyFileTest.header("'|u1'", "False", "(100,)");

        for (int length : new int[] {0, 99, 101}) {
            assertThatThrownBy(() -> NpzFile.read(zip("x.npy", NpyFileTest.npy(1, header, new byte[length]))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("100 bytes");
        }
    }

    @Test
    void read_notAZip_isRefused() throws IOException {
        Path path = Files.write(folder.resolve("x.npz"), new byte[] {1, 2, 3});

        assertThatThrownBy(() -> NpzFile.read(path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("x.npz");
        assertThat(NpzFile.read(zip("readme.txt", new byte[1]))).isEmpty();
    }
}
