package dev.octet.data;

import dev.octet.io.InputFiles;
import dev.octet.io.OutputFiles;
import dev.octet.tensor.InputException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with one array in NumPy's {@code .npy} format: little-endian numbers in row-major order. */
public final class NpyFile {
    private static final int CHUNK_BYTES = 1 << 16;

    private final Path path;
    private final NpyHeader header;

    private NpyFile(Path path, NpyHeader header) {
        this.path = path;
        this.header = header;
    }

    /**
     * Reads the head and checks that the file is as long as it says.
     *
     * @throws InputException naming the file
     */
    static NpyFile open(Path path) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(InputFiles.requireRegular(path)))) {
            NpyHeader header = NpyHeader.read(in, path.toString());
            long expected = header.sizeBytes() + header.dataBytes();
            if (Files.size(path) != expected) {
                throw new InputException(path + " has " + Files.size(path) + " bytes but its header says " + expected
                        + " for " + header.dtype().label() + header.shape());
            }
            return new NpyFile(path, header);
        } catch (IOException e) {
            throw new InputException("cannot read " + path + ": " + Failures.reason(e), e);
        }
    }

    /**
     * Reads the whole array to the Java heap.
     *
     * @throws InputException naming the file
     */
    public static Tensor read(Path path) {
        NpyFile file = open(path);
        return file.read(0, file.header.shape());
    }

    NpyHeader header() {
        return header;
    }

    /** The rows {@code row} of axis 0, with extent 1 there. */
    Tensor row(long row) {
        long[] dims = header.shape().dims();
        dims[0] = 1;
        Shape shape = Shape.of(dims);
        return read(row * header.dtype().sizeBytes(shape.elementCount()), shape);
    }

    private Tensor read(long from, Shape shape) {
        Tensor tensor = header.allocate(shape, path.toString());
        try (FileChannel channel = FileChannel.open(path)) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
            long size = tensor.data().byteSize();
            for (long at = 0; at < size; ) {
                chunk.clear().limit((int) Math.min(CHUNK_BYTES, size - at));
                int read = channel.read(chunk, header.sizeBytes() + from + at);
                if (read < 0) {
                    throw new InputException(path + " became shorter while it was read");
                }
                MemorySegment.copy(MemorySegment.ofArray(chunk.array()), 0, tensor.data(), at, read);
                at += read;
            }
        } catch (IOException e) {
            throw new InputException("cannot read " + path + ": " + Failures.reason(e), e);
        }
        return tensor;
    }

    /** Writes an array; the file appears whole or not at all. */
    public static void write(Path path, Tensor tensor) throws IOException {
        try (OutputFiles files = new OutputFiles()) {
            write(path, tensor, files);
            files.commit();
        }
    }

    /** Adds an array to files that appear together. */
    public static void write(Path path, Tensor tensor, OutputFiles files) throws IOException {
        write(files.add(path).out(), tensor);
    }

    static void write(OutputStream out, Tensor tensor) throws IOException {
        out.write(NpyHeader.write(tensor.dtype(), tensor.shape()));
        byte[] chunk = new byte[CHUNK_BYTES];
        long size = tensor.data().byteSize();
        for (long at = 0; at < size; at += CHUNK_BYTES) {
            int length = (int) Math.min(CHUNK_BYTES, size - at);
            MemorySegment.copy(tensor.data(), Tensor.S8_LAYOUT, at, chunk, 0, length);
            out.write(chunk, 0, length);
        }
    }
}
