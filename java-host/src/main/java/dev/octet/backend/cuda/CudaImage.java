package dev.octet.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The kernels as nvcc made them: a file among the resources of this build. */
record CudaImage(ClassLoader resources) {
    static final CudaImage OF_THIS_BUILD = new CudaImage(CudaImage.class.getClassLoader());

    private static final String KERNELS = "native/cuda/octet_kernels.fatbin";
    private static final String ARCHITECTURES = "native/cuda/architectures.txt";

    // fatbinary: 4 bytes of magic number, 2 of version, 2 of the header's size, 8 of the size of what follows.
    private static final int HEADER_BYTES = 16;
    private static final int MAGIC = 0xba55ed50;
    private static final int HEADER_SIZE_AT = 6;
    private static final int SIZE_AT = 8;

    /** Why there are no kernels that a driver could load, if so. */
    Optional<String> fault() {
        URL file = resources.getResource(KERNELS);
        if (file == null) {
            return Optional.of("this build has none, because nvcc was not found when it was made; install CUDA 13 and"
                    + " build again");
        }
        try {
            URLConnection connection = file.openConnection();
            connection.setUseCaches(false);
            try (InputStream stream = connection.getInputStream()) {
                return headerFault(stream.readNBytes(HEADER_BYTES), connection.getContentLengthLong());
            }
        } catch (IOException e) {
            return Optional.of(file + " cannot be read: " + e.getMessage());
        }
    }

    private static Optional<String> headerFault(byte[] header, long length) {
        String damaged = "this build's " + KERNELS + " is damaged (";
        String advice = "); build native-kernels again";
        ByteBuffer buffer = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        if (header.length < HEADER_BYTES || buffer.getInt(0) != MAGIC) {
            return Optional.of(damaged + "it does not begin as a fatbin" + advice);
        }
        long expected = buffer.getShort(HEADER_SIZE_AT) + buffer.getLong(SIZE_AT);
        return length == expected
                ? Optional.empty()
                : Optional.of(damaged + length + " bytes instead of " + expected + advice);
    }

    /** What the kernels were compiled for. */
    String architectures() {
        try (InputStream stream = resources.getResourceAsStream(ARCHITECTURES)) {
            return stream == null
                    ? "for architectures that this build does not name (" + ARCHITECTURES + " is missing)"
                    : "for " + new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kernels for all devices. */
    byte[] bytes() {
        try (InputStream stream = resources.getResourceAsStream(KERNELS)) {
            if (stream == null) {
                throw new IllegalStateException("no " + KERNELS);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
