package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaImageTest {
    private static final int PAYLOAD_BYTES = 24;

    @TempDir
    private Path folder;

    private CudaImage image() throws MalformedURLException {
        return new CudaImage(
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ClassLoader.getPlatformClassLoader()));
    }

    /** A fatbin's header, and as much as it says or less. */
    private void write(int bytesLost) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(16 + PAYLOAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0xba55ed50).putShort((short) 1).putShort((short) 16).putLong(PAYLOAD_BYTES);
        Path file = folder.resolve("native/cuda/octet_kernels.fatbin");
        Files.createDirectories(file.getParent());
        Files.write(file, java.util.Arrays.copyOf(bytes.array(), bytes.capacity() - bytesLost));
    }

    @Test
    void fault_noKernels_saysHowToGetThem() throws IOException {
        assertThat(image().fault().orElseThrow()).contains("install CUDA 13 and build again");
    }

    @Test
    void fault_wholeFile_isNone() throws IOException {
        write(0);

        assertThat(image().fault()).isEmpty();
        assertThat(image().bytes()).hasSize(16 + PAYLOAD_BYTES);
    }

    @Test
    void fault_truncatedFile_namesBothSizes() throws IOException {
        write(3);

        assertThat(image().fault().orElseThrow())
                .contains("octet_kernels.fatbin is damaged (37 bytes instead of 40)", "build native-kernels again");
    }

    @Test
    void fault_otherContent_isNoFatbin() throws IOException {
        write(0);
        Files.writeString(folder.resolve("native/cuda/octet_kernels.fatbin"), "not a fatbin, by any reading of it");

        assertThat(image().fault().orElseThrow()).contains("does not begin as a fatbin");
        Files.writeString(folder.resolve("native/cuda/octet_kernels.fatbin"), "");
        assertThat(image().fault().orElseThrow()).contains("does not begin as a fatbin");
    }

    @Test
    void architectures_fileMissing_saysSo() throws IOException {
        write(0);
        assertThat(image().architectures()).contains("architectures.txt is missing");

        Files.writeString(folder.resolve("native/cuda/architectures.txt"), "sm_80 sm_90\n");
        assertThat(image().architectures()).isEqualTo("for sm_80 sm_90");
    }
}
