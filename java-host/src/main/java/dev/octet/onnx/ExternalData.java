package dev.octet.onnx;

import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tensor bytes kept beside the model. A location is confined to the model's folder: relative, without {@code ..}, no
 * symbolic link in any part, a regular file with one hard link, and not the model itself. The file read last stays open,
 * because the next tensor is most often in it too. Not thread-safe.
 */
final class ExternalData implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 20;

    private static final Set<String> KEYS = Set.of("location", "offset", "length", "checksum");

    private final Path model;
    private final Consumer<String> warnings;
    private Optional<Open> last = Optional.empty();

    /** A file and where it lies. */
    private record Open(Path file, SeekableByteChannel channel) {}

    ExternalData(Path model, Consumer<String> warnings) {
        this.model = model.toAbsolutePath().normalize();
        this.warnings = warnings;
    }

    /**
     * Copies a tensor's bytes.
     *
     * @param target exactly as large as the tensor's shape and type need
     */
    void read(List<TensorProto.Entry> entries, Target target) {
        Map<String, String> values = index(entries);
        String location = values.get("location");
        if (location == null) {
            throw ModelException.invalid("external data: location is missing");
        }
        Path file = resolve(location);
        long offset = number("offset", values.getOrDefault("offset", "0"));
        long length = values.containsKey("length") ? number("length", values.get("length")) : target.sizeBytes();
        if (length != target.sizeBytes()) {
            throw ModelException.invalid("external data: length is " + length
                    + " bytes, the tensor's shape and type need " + target.sizeBytes());
        }
        try {
            SeekableByteChannel channel = open(file, location);
            long size = channel.size();
            if (offset > size || length > size - offset) {
                throw ModelException.invalid("external data: offset " + offset + " + length " + length
                        + " is past the file size " + size + " of " + Names.escape(location));
            }
            if (length > 0) {
                channel.position(offset);
                fill(target.allocate(), channel, location);
            }
        } catch (IOException e) {
            throw new ModelException(
                    ModelException.Kind.INVALID,
                    "external data: cannot read " + Names.escape(location) + ": " + reason(e),
                    e);
        }
    }

    /** Without the file's name, which is as long as it likes. */
    private static String reason(IOException e) {
        return e instanceof FileSystemException fault
                ? Optional.ofNullable(fault.getReason()).orElse(fault.getClass().getSimpleName())
                : String.valueOf(e.getMessage());
    }

    private SeekableByteChannel open(Path file, String location) throws IOException {
        if (last.isPresent() && last.get().file.equals(file)) {
            return last.get().channel;
        }
        close();
        Open open = new Open(file, ConfinedFile.open(folder(), file, shown(location)));
        last = Optional.of(open);
        return open.channel;
    }

    @Override
    public void close() throws IOException {
        if (last.isPresent()) {
            last.get().channel.close();
            last = Optional.empty();
        }
    }

    private Path folder() {
        return java.util.Objects.requireNonNull(model.getParent());
    }

    private static void fill(MemorySegment bytes, SeekableByteChannel channel, String location) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, bytes.byteSize()));
        for (long at = 0; at < bytes.byteSize(); ) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), bytes.byteSize() - at));
            int read = channel.read(chunk);
            if (read < 0) {
                throw ModelException.invalid(
                        "external data: " + Names.escape(location) + " became shorter while it was read");
            }
            MemorySegment.copy(MemorySegment.ofArray(chunk.array()), 0, bytes, at, read);
            at += read;
        }
    }

    /** Where bytes go, once everything about them was checked. */
    interface Target {
        long sizeBytes();

        /** Memory of that size to be filled. */
        MemorySegment allocate();
    }

    private Map<String, String> index(List<TensorProto.Entry> entries) {
        Map<String, String> values = new HashMap<>();
        Set<String> unknown = new HashSet<>();
        for (TensorProto.Entry entry : entries) {
            if (!KEYS.contains(entry.key())) {
                if (unknown.add(entry.key())) {
                    warnings.accept("external data: unknown key \"" + Names.escape(entry.key()) + "\" is ignored");
                }
            } else if (values.put(entry.key(), entry.value()) != null) {
                throw ModelException.invalid("external data: " + entry.key() + " is given twice");
            }
        }
        return values;
    }

    private static long number(String key, String text) {
        long value = -1;
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            try {
                value = Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new ModelException(
                        ModelException.Kind.INVALID,
                        "external data: " + key + " " + Names.escape(text) + " is too large",
                        e);
            }
        }
        if (value < 0) {
            throw ModelException.invalid(
                    "external data: " + key + " \"" + Names.escape(text) + "\" is not a number >= 0");
        }
        return value;
    }

    private Path resolve(String location) {
        String shown = shown(location);
        if (location.isEmpty()) {
            throw ModelException.invalid("external data: location is empty");
        }
        if (location.indexOf('\0') >= 0 || location.indexOf('\\') >= 0 || location.startsWith("*")) {
            throw ModelException.invalid(shown + "is not a relative path");
        }
        Path relative;
        try {
            relative = Path.of(location);
        } catch (InvalidPathException e) {
            throw new ModelException(ModelException.Kind.INVALID, shown + "is not a path", e);
        }
        if (relative.isAbsolute() || location.startsWith("/") || location.matches("[A-Za-z]:.*")) {
            throw ModelException.invalid(shown + "is absolute, expected a path inside the model's folder");
        }
        for (Path part : relative) {
            if (part.toString().equals("..")) {
                throw ModelException.invalid(shown + "leaves the model's folder");
            }
        }
        Path normal = relative.normalize();
        if (folder().resolve(normal).equals(model)) {
            throw ModelException.invalid(shown + "is the model itself");
        }
        return normal;
    }

    private static String shown(String location) {
        return "external data: location \"" + Names.escape(location) + "\" ";
    }
}
