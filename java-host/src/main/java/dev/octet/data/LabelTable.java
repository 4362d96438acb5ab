package dev.octet.data;

import dev.octet.io.InputFiles;
import dev.octet.tensor.InputException;
import dev.octet.tensor.LimitException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads {@code labels.csv}: a header line {@code file,label}, then a file name and a class index a line. */
final class LabelTable {
    static final String FILE_NAME = "labels.csv";
    private static final String HEADER = "file,label";
    private static final long MAX_BYTES = 64L << 20;

    /** Each is a file to open. */
    private static final int MAX_LINES = 1 << 19;

    /**
     * A file in a folder.
     *
     * @param name normalized; a text, because a path takes several times the memory
     */
    record Entry(Path folder, String name, OptionalLong label) {
        Path file() {
            return folder.resolve(name);
        }
    }

    private LabelTable() {}

    /**
     * Reads a table.
     *
     * @throws InputException naming file and line
     */
    static List<Entry> read(Path table) {
        try {
            if (Files.size(InputFiles.requireRegular(table)) > MAX_BYTES) {
                throw new LimitException(table + " has more than " + MAX_BYTES + " bytes");
            }
            requireFewLines(table);
            try (BufferedReader lines = Files.newBufferedReader(table)) {
                return read(table, lines);
            }
        } catch (CharacterCodingException e) {
            throw new InputException(table + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new InputException("cannot read " + table + ": " + Failures.reason(e), e);
        }
    }

    /** Counts first: what a line becomes takes more time and memory than the line. */
    private static void requireFewLines(Path table) throws IOException {
        int lines = 0;
        try (InputStream in = Files.newInputStream(table)) {
            byte[] bytes = new byte[1 << 16];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                for (int i = 0; i < count; i++) {
                    lines += bytes[i] == '\n' ? 1 : 0;
                }
                if (lines > MAX_LINES) {
                    throw new LimitException(
                            table + " has more than " + MAX_LINES + " lines; list fewer of the images");
                }
            }
        }
    }

    private static List<Entry> read(Path table, BufferedReader lines) throws IOException {
        String header = lines.readLine();
        if (header == null || !header.replace("\uFEFF", "").strip().equals(HEADER)) {
            throw new InputException(table + " must begin with the line " + HEADER);
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, Integer> earlier = new HashMap<>();
        String line = lines.readLine();
        for (int number = 2; line != null; number++) {
            if (!line.isBlank()) {
                Entry entry = entry(table, number, line);
                Integer first = earlier.putIfAbsent(entry.name(), number);
                if (first != null) {
                    throw new InputException(place(table, number) + entry.file().getFileName() + " stands in line "
                            + first + " already");
                }
                entries.add(entry);
            }
            line = lines.readLine();
        }
        return entries;
    }

    private static Entry entry(Path table, int number, String line) {
        int comma = line.lastIndexOf(',');
        String place = place(table, number);
        if (comma < 1) {
            throw new InputException(place + "expected " + HEADER);
        }
        try {
            Path file = Path.of(unquote(line.substring(0, comma).strip())).normalize();
            if (file.isAbsolute() || file.startsWith("..")) {
                throw new InputException(place + file + " is not in the folder");
            }
            Path folder = Optional.ofNullable(table.getParent()).orElse(Path.of(""));
            long label = Long.parseLong(unquote(line.substring(comma + 1).strip()));
            return new Entry(folder, file.toString(), OptionalLong.of(label));
        } catch (IllegalArgumentException e) {
            throw new InputException(place + "expected a file name and a whole number: " + e.getMessage(), e);
        }
    }

    private static String place(Path table, int number) {
        return table + " line " + number + ": ";
    }

    private static String unquote(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1).replace("\"\"", "\"") : text;
    }
}
