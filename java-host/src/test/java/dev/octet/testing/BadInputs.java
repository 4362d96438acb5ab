package dev.octet.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The conformance set of hostile models and what its manifest says of each. */
public final class BadInputs {
    private BadInputs() {}

    /**
     * A line of the manifest.
     *
     * @param expected exit code and a word
     * @param names what the message must name
     */
    public record Row(String id, String expected, String names) {
        /** The exit code of running the model. */
        public int code() {
            return expected.charAt(0) - '0';
        }

        /** Whether the manifest leaves it to the reader's documentation that the model is fine. */
        public boolean mayBeAccepted() {
            return expected.contains("or 0 if documented");
        }
    }

    /** All lines of the manifest. */
    public static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        List<String> lines = Files.readAllLines(folder().resolve("MANIFEST.tsv"));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            rows.add(new Row(cells[0], cells[2], cells[3]));
        }
        return rows;
    }

    private static Path folder() {
        return SharedData.conformance().resolve("bad-inputs");
    }

    /** Copies a case's folder and adds what is not stored: links, pipes and sparse files. Returns the model. */
    public static Path prepare(Row row, Path target) throws IOException {
        Files.createDirectories(target);
        copyFiles(folder().resolve(row.id), target);
        switch (row.id) {
            case "f15_3gib_sparse" -> {
                try (RandomAccessFile file =
                        new RandomAccessFile(target.resolve("model.onnx").toFile(), "rw")) {
                    file.setLength((3L << 30) + 16);
                    file.write(new byte[] {0x08, 0x08, 0x3A, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x0C});
                }
            }
            case "x05_symlink" -> Files.createSymbolicLink(target.resolve("w.bin"), Path.of("/etc/passwd"));
            case "x06_parent_symlink" -> Files.createSymbolicLink(target.resolve("sub"), Path.of("/etc"));
            case "x07_hardlink" -> {
                Files.write(target.resolve("secret"), new byte[24]);
                Files.createLink(target.resolve("w.bin"), target.resolve("secret"));
            }
            case "x24_fifo" -> makePipe(target.resolve("w.bin"));
            default -> {}
        }
        return target.resolve("model.onnx");
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(found -> !found.equals(from)).toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    /** Makes a named pipe. */
    public static void makePipe(Path path) throws IOException {
        try {
            new ProcessBuilder("mkfifo", path.toString()).start().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
