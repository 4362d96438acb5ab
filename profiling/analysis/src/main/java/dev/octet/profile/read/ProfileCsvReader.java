package dev.octet.profile.read;

import dev.octet.profile.Profile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads CSV of Nsight Systems or Nsight Compute; what the tool logged before the header is passed over. Of several tables
 * of nsys about the same calls the first counts: its other reports sum them again.
 */
final class ProfileCsvReader {
    private static final int MAX_LINE = 1 << 20;
    private static final String KERNEL_NAME = "Kernel Name";

    private final Path file;
    private final KernelTotals totals;
    private final Set<NsysCsvTable.Subject> covered = new HashSet<>();
    private boolean headerSeen;

    ProfileCsvReader(Path file) {
        this.file = file;
        this.totals = new KernelTotals(file);
    }

    Profile read() throws IOException {
        try (BufferedReader reader = ProfileText.reader(file)) {
            Optional<NsysCsvTable> table = Optional.empty();
            for (Optional<String> line = line(reader); line.isPresent(); line = line(reader)) {
                String text = line.get();
                List<String> titles =
                        text.contains(KERNEL_NAME) ? NsysCsvTable.split(text, Integer.MAX_VALUE) : List.of();
                if (titles.contains(KERNEL_NAME) && titles.getFirst().equals("ID")) {
                    return readNsightCompute(titles, reader);
                }
                if (NsysCsvTable.isAnyHeader(text)) {
                    Optional<NsysCsvTable> known = NsysCsvTable.ofHeader(file, text);
                    headerSeen |= known.isPresent();
                    table = known.filter(this::isNew);
                } else if (text.isBlank()) {
                    table = Optional.empty();
                } else if (table.isPresent()) {
                    table.get().addRow(text, totals);
                }
            }
        } catch (MalformedInputException e) {
            throw new ProfileException(file, "is no known profile: neither SQLite nor JSON nor text in UTF-8", e);
        }
        if (!headerSeen) {
            throw new ProfileException(
                    file, "is no known profile: no table of kernels as nsys stats or ncu print it in CSV");
        }
        return totals.profile(Profile.Source.NSYS_CSV, new TreeMap<>());
    }

    private Profile readNsightCompute(List<String> titles, BufferedReader rows) throws IOException {
        NcuCsvReader reader = new NcuCsvReader(file, totals);
        reader.read(titles, rows);
        return totals.profile(Profile.Source.NCU_CSV, reader.devices());
    }

    private boolean isNew(NsysCsvTable table) {
        boolean seen = table.subjects().stream().anyMatch(covered::contains);
        covered.addAll(table.subjects());
        return !seen;
    }

    private Optional<String> line(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = reader.read();
        if (next < 0) {
            return Optional.empty();
        }
        while (next >= 0 && next != '\n') {
            if (line.length() == MAX_LINE) {
                throw new ProfileException(file, "is no known profile: a line is longer than " + MAX_LINE);
            }
            line.append((char) next);
            next = reader.read();
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return Optional.of(line.toString());
    }
}
