package dev.octet.data;

import dev.octet.tensor.InputException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads {@code labels.csv}: a header line {@code file,label}, then a file name and a class index a line. */
final class LabelTable {
    static final String FILE_NAME = "labels.csv";
    private static final String HEADER = "file,label";

    /** A file in the table's folder. */
    record Entry(Path file, OptionalLong label) {}

    private LabelTable() {}

    /**
     * Reads a table.
     *
     * @throws InputException naming file and line
     */
    static List<Entry> read(Path table) {
        List<String> lines;
        try {
            lines = Files.readAllLines(table);
        } catch (MalformedInputException e) {
            throw new InputException(table + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new InputException("cannot read " + table + ": " + Failures.reason(e), e);
        }
        if (lines.isEmpty() || !lines.get(0).replace("\uFEFF", "").strip().equals(HEADER)) {
            throw new InputException(table + " must begin with the line " + HEADER);
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                entries.add(entry(table, i + 1, lines.get(i)));
            }
        }
        return entries;
    }

    private static Entry entry(Path table, int number, String line) {
        int comma = line.lastIndexOf(',');
        String place = table + " line " + number + ": ";
        if (comma < 1) {
            throw new InputException(place + "expected " + HEADER);
        }
        try {
            Path file = Path.of(unquote(line.substring(0, comma).strip()));
            if (file.isAbsolute() || file.normalize().startsWith("..")) {
                throw new InputException(place + file + " is not in the folder");
            }
            long label = Long.parseLong(unquote(line.substring(comma + 1).strip()));
            return new Entry(table.resolveSibling(file), OptionalLong.of(label));
        } catch (IllegalArgumentException e) {
            throw new InputException(place + "expected a file name and a whole number: " + e.getMessage(), e);
        }
    }

    private static String unquote(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1).replace("\"\"", "\"") : text;
    }
}
