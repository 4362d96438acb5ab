package dev.octet.profile.read;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads the CSV of Nsight Compute: the details page with one line a metric, and the raw page with one line a kernel and
 * the units in its second line. Calls are told apart by their ID.
 */
final class NcuCsvReader {
    private static final String TIME = "gpu__time_duration.sum";

    private final Path file;
    private final KernelTotals totals;
    private String id = "";
    private String kernel = "";
    private Optional<Double> nanos = Optional.empty();
    private Map<String, Double> counters = new HashMap<>();
    private OptionalInt architecture = OptionalInt.empty();

    NcuCsvReader(Path file, KernelTotals totals) {
        this.file = file;
        this.totals = totals;
    }

    OptionalInt architecture() {
        return architecture;
    }

    /** Reads rows behind the header {@code titles}. */
    void read(List<String> titles, Reader rows) throws IOException {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader(titles.toArray(String[]::new))
                .setIgnoreEmptyLines(true)
                .get();
        boolean details = titles.contains("Metric Name");
        try (CSVParser parser = format.parse(rows)) {
            Map<String, String> units = Map.of();
            for (CSVRecord row : parser) {
                if (!row.isConsistent()) {
                    throw new ProfileException(
                            file,
                            "line " + parser.getCurrentLineNumber() + " has " + row.size() + " of " + titles.size()
                                    + " columns: is the file truncated?");
                }
                if (row.get("ID").isBlank()) {
                    units = row.toMap();
                } else if (details) {
                    addMetric(row);
                } else {
                    addKernel(row, titles, units);
                }
            }
            flush();
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new ProfileException(file, "is truncated or damaged (" + e.getMessage() + ")", e);
        }
    }

    private void addMetric(CSVRecord row) throws ProfileException {
        begin(row);
        addValue(row.get("Metric Name"), row.get("Metric Unit"), row.get("Metric Value"));
    }

    private void addKernel(CSVRecord row, List<String> titles, Map<String, String> units) throws ProfileException {
        begin(row);
        for (String title : titles) {
            if (title.contains("__")) {
                addValue(title, units.getOrDefault(title, ""), row.get(title));
            }
        }
    }

    private void begin(CSVRecord row) throws ProfileException {
        if (!row.get("ID").equals(id)) {
            flush();
            id = row.get("ID");
            kernel = row.get("Kernel Name");
            if (row.isMapped("CC")) {
                Quantity.number(row.get("CC"))
                        .ifPresent(value -> architecture = OptionalInt.of((int) Math.round(value * 10)));
            }
        }
    }

    private void addValue(String metric, String unit, String text) {
        Quantity.number(text).ifPresent(value -> {
            if (metric.equals(TIME) || metric.equals("Duration")) {
                nanos = Quantity.nanosPer(unit.toLowerCase(Locale.ROOT)).map(factor -> factor * value);
            } else {
                counters.put(metric, value);
            }
        });
    }

    private void flush() throws ProfileException {
        if (id.isEmpty()) {
            return;
        }
        double time = nanos.orElseThrow(
                () -> new ProfileException(file, "kernel \"" + kernel + "\" has no time; collect the metric " + TIME));
        totals.add(kernel, Optional.empty(), Math.round(time), counters);
        nanos = Optional.empty();
        counters = new HashMap<>();
    }
}
