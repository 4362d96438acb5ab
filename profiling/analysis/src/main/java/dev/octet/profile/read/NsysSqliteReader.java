package dev.octet.profile.read;

import dev.octet.profile.DeviceData;
import dev.octet.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.sqlite.SQLiteConfig;

/** Reads the SQLite export of Nsight Systems, older and newer schemas: what a table or column lacks is left out. */
final class NsysSqliteReader {
    private static final String KERNELS = "CUPTI_ACTIVITY_KIND_KERNEL";
    private static final String COPIES = "CUPTI_ACTIVITY_KIND_MEMCPY";
    private static final String FILLS = "CUPTI_ACTIVITY_KIND_MEMSET";
    private static final String CALLS = "CUPTI_ACTIVITY_KIND_RUNTIME";
    private static final String STRINGS = "StringIds";

    /** A globalPid and a globalTid of one process are equal above these bits. */
    private static final int PROCESS = 0x1000000;

    private final Path file;
    private final KernelTotals totals;
    private final Map<Long, String> strings = new HashMap<>();

    NsysSqliteReader(Path file) {
        this.file = file;
        this.totals = new KernelTotals(file);
    }

    Profile read() throws IOException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(0);
        try (Connection database =
                DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath(), config.toProperties())) {
            return read(database);
        } catch (SQLException e) {
            throw new ProfileException(file, reason(e), e);
        }
    }

    private static String reason(SQLException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("SQLITE_BUSY") || message.contains("SQLITE_LOCKED")) {
            return "is locked by another program; close it or copy the file";
        }
        if (message.contains("SQLITE_CORRUPT") || message.contains("SQLITE_NOTADB") || message.contains("IOERR")) {
            return "is truncated or damaged (" + message + "); export it again";
        }
        return "cannot be read as an Nsight Systems export (" + message + ")";
    }

    private Profile read(Connection database) throws SQLException, IOException {
        Set<String> tables = new HashSet<>();
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        boolean export = tables.contains("META_DATA_EXPORT") || tables.contains("EXPORT_META_DATA");
        if (!tables.contains(KERNELS) && !export) {
            throw new ProfileException(
                    file, "is an SQLite file, but no Nsight Systems export (" + Files.size(file) + " bytes)");
        }
        Optional<DeviceData> device = device(database, tables);
        if (tables.contains(KERNELS)) {
            readKernels(database, tables);
        }
        if (tables.contains(COPIES)) {
            readCopies(database, tables);
        }
        if (tables.contains(FILLS)) {
            readFills(database);
        }
        OptionalInt architecture =
                device.map(data -> OptionalInt.of(data.architecture())).orElse(OptionalInt.empty());
        return new Profile(Profile.Source.NSYS_SQLITE, device, totals.spanNanos(), totals.sorted(architecture));
    }

    private static Set<String> columns(Connection database, String table) throws SQLException {
        Set<String> columns = new HashSet<>();
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
            while (rows.next()) {
                columns.add(rows.getString("name"));
            }
        }
        return columns;
    }

    private Optional<DeviceData> device(Connection database, Set<String> tables) throws SQLException {
        if (!tables.contains("TARGET_INFO_GPU")) {
            return Optional.empty();
        }
        Set<String> columns = columns(database, "TARGET_INFO_GPU");
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM TARGET_INFO_GPU LIMIT 1")) {
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new DeviceData(
                    columns.contains("name") ? String.valueOf(row.getString("name")) : "unknown GPU",
                    (int) (10 * number(row, columns, "computeMajor") + number(row, columns, "computeMinor")),
                    (int) number(row, columns, "smCount"),
                    number(row, columns, "clockRate"),
                    number(row, columns, "memoryBandwidth"),
                    number(row, columns, "l2CacheSize")));
        }
    }

    private static long number(ResultSet row, Set<String> columns, String name) throws SQLException {
        return columns.contains(name) ? row.getLong(name) : 0;
    }

    private void readKernels(Connection database, Set<String> tables) throws SQLException, IOException {
        Set<String> columns = columns(database, KERNELS);
        String name = columns.contains("demangledName") ? "demangledName" : "shortName";
        if (!columns.containsAll(Set.of("start", "end", name))) {
            throw new ProfileException(file, "table " + KERNELS + " has no start, end or name");
        }
        boolean ranged = tables.contains("NVTX_EVENTS")
                && tables.contains(CALLS)
                && columns.contains("correlationId")
                && columns(database, "NVTX_EVENTS").contains("globalTid");
        NvtxRanges ranges = ranged ? nvtx(database, tables) : new NvtxRanges();
        boolean joined = !ranges.isEmpty();
        String query = "SELECT k.start, k.end, k." + name + (joined ? ", r.start, r.globalTid" : "") + " FROM "
                + KERNELS + " k" + (joined ? join(columns) : "");
        try (PreparedStatement lookup = database.prepareStatement(stringQuery(tables));
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                Optional<String> range = joined ? ranges.innermost(rows.getLong(5), rows.getLong(4)) : Optional.empty();
                totals.addAt(text(rows, 3, lookup), range, rows.getLong(1), rows.getLong(2));
            }
        }
    }

    private static String join(Set<String> columns) {
        String process = String.format(Locale.ROOT, " AND r.globalTid / %1$d = k.globalPid / %1$d", PROCESS);
        return " LEFT JOIN " + CALLS + " r ON r.correlationId = k.correlationId"
                + (columns.contains("globalPid") ? process : "");
    }

    private NvtxRanges nvtx(Connection database, Set<String> tables) throws SQLException, IOException {
        Set<String> columns = columns(database, "NVTX_EVENTS");
        String text = columns.contains("text") ? "text" : "NULL";
        String id = columns.contains("textId") ? "textId" : "NULL";
        String kind = columns.contains("eventType") ? " AND eventType = " + NvtxRanges.PUSH_POP : "";
        NvtxRanges ranges = new NvtxRanges();
        try (PreparedStatement lookup = database.prepareStatement(stringQuery(tables));
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("SELECT globalTid, start, end, coalesce(" + text + ", " + id
                        + ") FROM NVTX_EVENTS WHERE end IS NOT NULL" + kind + " ORDER BY globalTid, start, end DESC")) {
            while (rows.next()) {
                ranges.add(file, rows.getLong(1), rows.getLong(2), rows.getLong(3), text(rows, 4, lookup));
            }
        }
        return ranges;
    }

    private static String stringQuery(Set<String> tables) {
        return tables.contains(STRINGS) ? "SELECT value FROM " + STRINGS + " WHERE id = ?" : "SELECT ? WHERE 0";
    }

    /** A column that holds a text or the number of one in the table of strings. */
    private String text(ResultSet rows, int column, PreparedStatement lookup) throws SQLException {
        Object value = rows.getObject(column);
        if (!(value instanceof Number id)) {
            return String.valueOf(value);
        }
        String known = strings.get(id.longValue());
        if (known == null) {
            lookup.setLong(1, id.longValue());
            try (ResultSet row = lookup.executeQuery()) {
                known = row.next() ? String.valueOf(row.getString(1)) : "string " + id;
            }
            strings.put(id.longValue(), known);
        }
        return known;
    }

    private void readCopies(Connection database, Set<String> tables) throws SQLException, IOException {
        Map<Integer, String> kinds = new HashMap<>(Map.of(1, "HtoD", 2, "DtoH", 8, "DtoD", 10, "PtoP"));
        boolean labels = tables.contains("ENUM_CUDA_MEMCPY_OPER")
                && columns(database, "ENUM_CUDA_MEMCPY_OPER").containsAll(Set.of("id", "label"));
        if (labels) {
            try (Statement statement = database.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT id, label FROM ENUM_CUDA_MEMCPY_OPER")) {
                while (rows.next()) {
                    kinds.putIfAbsent(rows.getInt(1), String.valueOf(rows.getString(2)));
                }
            }
        }
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("SELECT start, end, copyKind FROM " + COPIES)) {
            while (rows.next()) {
                String kind = kinds.getOrDefault(rows.getInt(3), "kind " + rows.getInt(3));
                totals.addAt("[CUDA memcpy " + kind + "]", Optional.empty(), rows.getLong(1), rows.getLong(2));
            }
        }
    }

    private void readFills(Connection database) throws SQLException, IOException {
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("SELECT start, end FROM " + FILLS)) {
            while (rows.next()) {
                totals.addAt("[CUDA memset]", Optional.empty(), rows.getLong(1), rows.getLong(2));
            }
        }
    }
}
