package dev.octet.profile.read;

import dev.octet.profile.KernelTotal.Durations;
import dev.octet.profile.read.KernelTotals.Call;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One table of {@code nsys stats --format csv}: a summary of kernels or of copies, or a trace of them. Columns are found by
 * name and their unit is read from the brackets. The last column is a name in which quotes are not doubled: it is taken
 * to the end of the line.
 */
final class NsysCsvTable {
    private static final Set<String> NAMES = Set.of("Name", "Kernel Name", "Operation");
    private static final List<String> COUNTS = List.of("Kern Inst", "Instances", "Count");

    /** The sums over copies and kernels say what a row is about; calls of the API are no work of the GPU. */
    private static final String CATEGORY = "Category";

    private static final long MAX_NANOS = Long.MAX_VALUE / 4;

    private static final Pattern HEADER =
            Pattern.compile("\"?(?:Time ?\\(%\\)|Start ?\\(|Total ?\\(|NVTX Range|PID|Count)[^,]*,");

    private final Path file;
    private final List<String> titles;
    private final Map<String, Integer> columns;
    private final Map<String, Double> nanosPer;

    private NsysCsvTable(Path file, List<String> titles, Map<String, Integer> columns, Map<String, Double> nanosPer) {
        this.file = file;
        this.titles = titles;
        this.columns = columns;
        this.nanosPer = nanosPer;
    }

    /** The table that a line is the header of; empty if the line is no header of a table about the GPU. */
    static Optional<NsysCsvTable> ofHeader(Path file, String line) {
        List<String> titles = split(line, Integer.MAX_VALUE);
        Map<String, Integer> columns = new LinkedHashMap<>();
        Map<String, Double> units = new LinkedHashMap<>();
        for (int i = 0; i < titles.size(); i++) {
            String title = titles.get(i).strip();
            int bracket = title.indexOf('(');
            String name = (bracket < 0 ? title : title.substring(0, bracket)).strip();
            int end = title.indexOf(')', Math.max(bracket, 0));
            if (bracket >= 0 && end > bracket) {
                Quantity.nanosPer(title.substring(bracket + 1, end)).ifPresent(unit -> units.put(name, unit));
            }
            columns.putIfAbsent(name, i);
        }
        String last = titles.getLast().strip();
        boolean summary = (columns.containsKey("Total Time") && COUNTS.stream().anyMatch(columns::containsKey))
                || (units.containsKey("KAvg") && columns.containsKey("Count"));
        boolean trace = units.containsKey("Duration") && columns.containsKey("Start") && columns.containsKey("CorrId");
        return NAMES.contains(last) && (summary || trace)
                ? Optional.of(new NsysCsvTable(file, titles, columns, units))
                : Optional.empty();
    }

    /** Whether a line begins a table of any report, known or not. */
    static boolean isAnyHeader(String line) {
        return HEADER.matcher(line).lookingAt();
    }

    /** What the rows are about. */
    Set<Subject> subjects() {
        if (columns.containsKey("Duration") || columns.containsKey(CATEGORY)) {
            return Set.of(Subject.KERNELS, Subject.COPIES);
        }
        return Set.of(titles.getLast().strip().equals("Operation") ? Subject.COPIES : Subject.KERNELS);
    }

    /** What a table sums. */
    enum Subject {
        KERNELS,
        COPIES
    }

    void addRow(String line, KernelTotals totals) throws ProfileException {
        List<String> cells = split(line, titles.size());
        if (cells.size() != titles.size()) {
            throw new ProfileException(
                    file, "row with " + cells.size() + " of " + titles.size() + " columns: is the file truncated?");
        }
        String name = cells.getLast();
        Optional<String> range = Optional.ofNullable(columns.get("NVTX Range")).map(cells::get);
        if (columns.containsKey("Duration")) {
            long start = nanos(cells, "Start");
            totals.addAt(new Call(name, range, start, start + nanos(cells, "Duration"), Call.NO_DEVICE), Map.of());
            return;
        }
        boolean isCall = Optional.ofNullable(columns.get(CATEGORY))
                .map(cells::get)
                .filter(category -> category.contains("API"))
                .isPresent();
        if (isCall) {
            return;
        }
        String count = COUNTS.stream().filter(columns::containsKey).findFirst().orElseThrow();
        long calls = (long) required(cells, count);
        boolean means = columns.containsKey("KAvg");
        long total = means ? product(calls, nanos(cells, "KAvg")) : nanos(cells, "Total Time");
        long mean = calls == 0 ? 0 : total / calls;
        totals.add(
                name,
                range,
                new Durations(
                        calls,
                        total,
                        nanos(cells, mean, "Min", "Minimum", "KMin"),
                        nanos(cells, mean, "Max", "Maximum", "KMax"),
                        nanos(cells, mean, "Med", "KMed")));
    }

    /** The first of the columns that the table has. */
    private long nanos(List<String> cells, long absent, String... names) throws ProfileException {
        for (String name : names) {
            if (columns.containsKey(name)) {
                return nanos(cells, name);
            }
        }
        return absent;
    }

    private double required(List<String> cells, String column) throws ProfileException {
        Integer index = columns.get(column);
        String text = index == null ? "" : cells.get(index);
        OptionalDouble value = Quantity.number(text);
        if (value.isEmpty() || value.getAsDouble() < 0) {
            throw new ProfileException(file, "column " + column + " holds \"" + text + "\", expected a number");
        }
        return value.getAsDouble();
    }

    private long nanos(List<String> cells, String column) throws ProfileException {
        double nanos = required(cells, column) * nanosPer.getOrDefault(column, 1.0);
        if (nanos > MAX_NANOS) {
            throw new ProfileException(file, "column " + column + " holds an impossible time");
        }
        return Math.round(nanos);
    }

    private long product(long calls, long mean) throws ProfileException {
        if ((double) calls * mean > MAX_NANOS) {
            throw new ProfileException(file, calls + " calls of " + mean + " ns take an impossible time");
        }
        return calls * mean;
    }

    /** Splits at commas outside quotes into at most {@code limit} cells, the last of which runs to the end of the line. */
    static List<String> split(String line, int limit) {
        List<String> cells = new ArrayList<>();
        int at = 0;
        while (cells.size() < limit - 1) {
            int end;
            if (at < line.length() && line.charAt(at) == '"') {
                end = line.indexOf("\",", at + 1);
                end = end < 0 ? -1 : end + 1;
            } else {
                end = line.indexOf(',', at);
            }
            if (end < 0) {
                break;
            }
            cells.add(unquoted(line.substring(at, end)));
            at = end + 1;
        }
        cells.add(unquoted(line.substring(at)));
        return cells;
    }

    private static String unquoted(String cell) {
        String text = cell.strip();
        if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) {
            return text;
        }
        String inner = text.substring(1, text.length() - 1);
        boolean doubled = !inner.replace("\"\"", "").contains("\"");
        return doubled ? inner.replace("\"\"", "\"") : inner;
    }
}
