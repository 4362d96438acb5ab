package dev.octet.profile.read;

import dev.octet.profile.DeviceData;
import dev.octet.profile.read.KernelTotals.Call;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads the CSV of Nsight Compute: the details page with one line a metric, and the raw page with one line a kernel and
 * the units in its second line. Calls are told apart by their ID.
 */
final class NcuCsvReader {
    private static final String TIME = "gpu__time_duration.sum";
    private static final String ATTRIBUTE = "device__attribute_";
    private static final double KILO = 1e3;

    /** Memory moves data on both edges of the clock that the attribute states. */
    private static final int TRANSFERS_PER_CLOCK = 2;

    private final Path file;
    private final KernelTotals totals;
    private String id = "";
    private String kernel = "";
    private Optional<Double> nanos = Optional.empty();
    private Map<String, Double> counters = new HashMap<>();
    private final SortedMap<Integer, DeviceData> devices = new TreeMap<>();
    private int device = Call.NO_DEVICE;
    private int architecture;

    NcuCsvReader(Path file, KernelTotals totals) {
        this.file = file;
        this.totals = totals;
    }

    /** The GPUs, as far as the columns describe them. */
    SortedMap<Integer, DeviceData> devices() {
        return devices;
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
        describe(row);
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
            architecture = (int) Math.round(10 * number(row, "CC"));
            device = row.isMapped("Device") ? (int) number(row, "Device") : 0;
            devices.putIfAbsent(device, new DeviceData("GPU " + device, architecture, 0, 0, 0, 0));
        }
    }

    /** What the raw page of newer versions repeats about the GPU in every line. */
    private void describe(CSVRecord row) {
        if (row.isMapped(ATTRIBUTE + "multiprocessor_count")) {
            String name =
                    row.isMapped(ATTRIBUTE + "display_name") ? row.get(ATTRIBUTE + "display_name") : "GPU " + device;
            devices.put(
                    device,
                    new DeviceData(
                            name,
                            architecture,
                            (int) number(row, ATTRIBUTE + "multiprocessor_count"),
                            Math.round(number(row, ATTRIBUTE + "clock_rate") * KILO),
                            Math.round(number(row, ATTRIBUTE + "memory_clock_rate")
                                    * KILO
                                    * number(row, ATTRIBUTE + "global_memory_bus_width")
                                    * TRANSFERS_PER_CLOCK
                                    / Byte.SIZE),
                            Math.round(number(row, ATTRIBUTE + "l2_cache_size"))));
        }
    }

    private static double number(CSVRecord row, String title) {
        return row.isMapped(title) ? Quantity.number(row.get(title)).orElse(0) : 0;
    }

    private void addValue(String metric, String unit, String text) {
        Quantity.number(text).ifPresent(value -> {
            if (metric.equals(TIME) || metric.equals("Duration")) {
                nanos = Quantity.nanosPer(unit.toLowerCase(Locale.ROOT)).map(factor -> factor * value);
            } else {
                counters.put(metric, value * Quantity.bytesPer(unit));
            }
        });
    }

    private void flush() throws ProfileException {
        if (id.isEmpty()) {
            return;
        }
        double time = nanos.orElseThrow(
                () -> new ProfileException(file, "kernel \"" + kernel + "\" has no time; collect the metric " + TIME));
        totals.addOn(device, kernel, Math.round(time), counters);
        nanos = Optional.empty();
        counters = new HashMap<>();
    }
}
