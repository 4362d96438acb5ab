package dev.octet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.ValueInfo;
import dev.octet.onnx.OnnxReader;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.Tensor;
import dev.octet.testing.SharedData;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile models: each is read and run, and must end as its manifest says, naming what it says. */
class BadInputsTest {
    private static final int MAX_MESSAGE = 2048;

    /** What the manifest wants named: a value, node or attribute after its kind, and every number. */
    private static final Pattern NAMED =
            Pattern.compile("(?:tensor|node names|node|attribute|output|domain|op) ([\\w.]+)|(?<!< )(-?\\d+)");

    @TempDir
    Path temporary = Path.of("");

    private record Row(String id, String expected, String names) {
        boolean mayBeAccepted() {
            return expected.contains("or 0 if documented");
        }
    }

    private static List<Row> rows(Path folder) throws IOException {
        List<Row> rows = new ArrayList<>();
        List<String> lines = Files.readAllLines(folder.resolve("MANIFEST.tsv"));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            rows.add(new Row(cells[0], cells[2], cells[3]));
        }
        return rows;
    }

    @Test
    void read_hostileModel_endsAsTheManifestSays() throws IOException {
        Path folder = SharedData.conformance().resolve("bad-inputs");
        Assumptions.assumeTrue(Files.isDirectory(folder), "no folder " + folder);
        List<String> wrong = new ArrayList<>();
        for (Row row : rows(folder)) {
            Path model = prepare(row.id, folder.resolve(row.id));
            Optional<ModelException> fault = fault(model);
            problem(row, fault).ifPresent(text -> wrong.add(row.id + ": " + text));
        }

        assertThat(wrong).isEmpty();
    }

    /** What the model ends with: a fault, or nothing. Any other exception passes through and fails the test. */
    private static Optional<ModelException> fault(Path model) {
        try {
            Graph graph = OnnxReader.read(model, _ -> {});
            Map<String, Tensor> inputs = new LinkedHashMap<>();
            for (ValueInfo input : graph.inputs()) {
                inputs.put(
                        input.name(),
                        Tensor.allocate(input.dtype(), input.withSymbols(1).orElseThrow()));
            }
            try (Session session = Session.open(graph, SessionOptions.defaults().withThreads(1))) {
                session.run(inputs);
            }
            return Optional.empty();
        } catch (ModelException e) {
            return Optional.of(e);
        }
    }

    private static Optional<String> problem(Row row, Optional<ModelException> fault) {
        if (fault.isEmpty()) {
            boolean accepted = row.expected.startsWith("0") || row.mayBeAccepted();
            return accepted ? Optional.empty() : Optional.of("accepted, expected " + row.expected);
        }
        String message = String.valueOf(fault.get().getMessage());
        char code = exitCode(fault.get().kind());
        if (row.expected.charAt(0) != code) {
            return Optional.of("ends with " + code + ", expected " + row.expected + ": " + message);
        }
        if (message.length() > MAX_MESSAGE || message.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("the message is too long or has raw control characters");
        }
        Matcher named = NAMED.matcher(row.names);
        while (named.find()) {
            String name = named.group(1) == null ? named.group(2) : named.group(1);
            if (!message.contains(name)) {
                return Optional.of("does not name " + name + " of \"" + row.names + "\": " + message);
            }
        }
        return Optional.empty();
    }

    private static char exitCode(ModelException.Kind kind) {
        return switch (kind) {
            case INVALID -> '3';
            case UNSUPPORTED -> '4';
            case LIMIT -> '5';
            case DATA -> '6';
        };
    }

    /** Links, pipes and sparse files are not stored: those models are copied and completed. */
    private Path prepare(String id, Path stored) throws IOException {
        Path copy = temporary.resolve(id);
        switch (id) {
            case "f15_3gib_sparse" -> {
                Files.createDirectory(copy);
                try (RandomAccessFile file =
                        new RandomAccessFile(copy.resolve("model.onnx").toFile(), "rw")) {
                    file.setLength((3L << 30) + 16);
                    file.write(new byte[] {0x08, 0x08, 0x3A, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x0C});
                }
            }
            case "x05_symlink" -> {
                copyFiles(stored, copy);
                Files.createSymbolicLink(copy.resolve("w.bin"), Path.of("/etc/passwd"));
            }
            case "x06_parent_symlink" -> {
                copyFiles(stored, copy);
                Files.createSymbolicLink(copy.resolve("sub"), Path.of("/etc"));
            }
            case "x07_hardlink" -> {
                copyFiles(stored, copy);
                Files.write(copy.resolve("secret"), new byte[24]);
                Files.createLink(copy.resolve("w.bin"), copy.resolve("secret"));
            }
            case "x24_fifo" -> {
                copyFiles(stored, copy);
                makePipe(copy.resolve("w.bin"));
            }
            default -> {
                return stored.resolve("model.onnx");
            }
        }
        return copy.resolve("model.onnx");
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void makePipe(Path path) throws IOException {
        try {
            new ProcessBuilder("mkfifo", path.toString()).start().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
