package dev.octet.onnx;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds what the system calls an open file, which names it whatever happens to its path: on Linux
 * {@code /proc/self/fd/N}. Java tells no N, but sets the file's position: the descriptor that has a position drawn at
 * random is the one.
 */
final class Descriptor {
    private static final Path POSITIONS = Path.of("/proc/self/fdinfo");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** Fewer bits than any file system has for positions. */
    private static final int POSITION_BITS = 31;

    private static final int ATTEMPTS = 4;

    private Descriptor() {}

    /**
     * The path of an open file itself, valid until it is closed; its position is 0 after.
     *
     * @return empty where the system shows no descriptors
     * @throws IOException also if the file has no position, so is none
     */
    static Optional<Path> of(SeekableByteChannel channel) throws IOException {
        if (!Files.isDirectory(POSITIONS)) {
            return Optional.empty();
        }
        for (int i = 0; i < ATTEMPTS; i++) {
            long position = 1 + ThreadLocalRandom.current().nextLong(1L << POSITION_BITS);
            channel.position(position);
            List<String> found = at(position);
            channel.position(0);
            if (found.size() == 1) {
                return Optional.of(DESCRIPTORS.resolve(found.get(0)));
            }
        }
        throw new IOException("its descriptor is not found");
    }

    private static List<String> at(long position) throws IOException {
        String line = "pos:\t" + position + "\n";
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(POSITIONS)) {
            for (Path info : all) {
                try {
                    if (new String(Files.readAllBytes(info), StandardCharsets.US_ASCII).startsWith(line)) {
                        found.add(info.getFileName().toString());
                    }
                } catch (NoSuchFileException _) {
                    // Another thread has closed it.
                }
            }
        }
        return found;
    }
}
