package dev.octet.data;

import dev.octet.io.InputFiles;
import dev.octet.tensor.InputException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads {@code labels.csv}: a header line {@code file,label}, then a file name and a class index a line. */
final class LabelTable {
    static final String FILE_NAME = "labels.csv";
    private static final String HEADER = "file,label";
    private static final long MAX_BYTES = 64L << 20;

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
            if (Files.size(InputFiles.requireRegular(table)) > MAX_BYTES) {
                throw new InputException(table + " has more than " + MAX_BYTES + " bytes");
            }
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
        Map<Path, Integer> earlier = new HashMap<>();
        for (int i = 1; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                Entry entry = entry(table, i + 1, lines.get(i));
                Integer first = earlier.putIfAbsent(entry.file().normalize(), i + 1);
                if (first != null) {
                    throw new InputException(
                            place(table, i + 1) + entry.file().getFileName() + " stands in line " + first + " already");
                }
                entries.add(entry);
            }
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

    private static String place(Path table, int number) {
        return table + " line " + number + ": ";
    }

    private static String unquote(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1).replace("\"\"", "\"") : text;
    }
}
