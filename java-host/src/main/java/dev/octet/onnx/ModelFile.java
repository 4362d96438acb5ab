package dev.octet.onnx;

import dev.octet.graph.ModelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A protobuf file mapped into memory until closed. */
final class ModelFile implements AutoCloseable {
    /** Protobuf's own limit on a message. */
    private static final long MAX_BYTES = Integer.MAX_VALUE;

    private final Path path;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment content;

    private ModelFile(Path path) throws IOException {
        this.path = path;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > MAX_BYTES) {
                throw ModelException.limit("the file has " + size
                        + " bytes, over protobuf's 2 GiB limit; keep its weights as external data");
            }
            this.content = size == 0 ? MemorySegment.NULL : channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
        }
    }

    /**
     * Maps a file.
     *
     * @throws ModelException if it cannot be read, is no regular file, is over 2 GiB, or is plainly something else
     */
    static ModelFile open(Path path) {
        if (Files.isDirectory(path)) {
            throw ModelException.invalid("is a directory, expected a file");
        }
        if (!Files.exists(path)) {
            throw ModelException.invalid("no such file");
        }
        if (!Files.isRegularFile(path)) {
            throw ModelException.invalid("is not a regular file");
        }
        try {
            return new ModelFile(path);
        } catch (IOException e) {
            throw new ModelException(ModelException.Kind.INVALID, "cannot be read: " + e, e);
        }
    }

    Path path() {
        return path;
    }

    MemorySegment content() {
        return content;
    }

    /** Refuses the files that most often stand where a model should. */
    void requireModel() {
        if (content.byteSize() == 0) {
            throw ModelException.invalid("the file is empty: it has no ir_version and no graph");
        }
        if (startsWith("version https://git-lfs")) {
            throw ModelException.invalid("this is a Git LFS pointer, not the model; run git lfs pull");
        }
        if (startsWith("\u001f\u008b")) {
            throw ModelException.invalid("this is a gzip file; unpack it first");
        }
        if (startsWith("<") || startsWith("\n<")) {
            throw ModelException.invalid("this looks like HTML or XML, not an ONNX protobuf");
        }
        if (startsWith("PK\u0003\u0004")) {
            throw ModelException.invalid("this is a zip archive; unpack it first");
        }
    }

    private boolean startsWith(String text) {
        byte[] prefix = text.getBytes(StandardCharsets.ISO_8859_1);
        if (content.byteSize() < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (content.get(ValueLayout.JAVA_BYTE, i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        arena.close();
    }
}
