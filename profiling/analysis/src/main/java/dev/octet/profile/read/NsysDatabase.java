package dev.octet.profile.read;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** An open export of Nsight Systems: its tables, and the texts and kinds that other tables name by number. */
final class NsysDatabase implements AutoCloseable {
    /** A globalPid and a globalTid of one process are equal above these bits. */
    static final int PROCESS = 0x1000000;

    private static final String STRINGS = "StringIds";

    private final Path file;
    private final Connection connection;
    private final Set<String> tables = new HashSet<>();
    private final Map<Long, String> strings = new HashMap<>();
    private final Map<Integer, String> copyKinds = new HashMap<>(Map.of(1, "HtoD", 2, "DtoH", 8, "DtoD", 10, "PtoP"));
    private final PreparedStatement lookup;

    NsysDatabase(Path file, Connection connection) throws SQLException {
        this.file = file;
        this.connection = connection;
        try (ResultSet rows = query("SELECT name FROM sqlite_master WHERE type = 'table'")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        lookup = connection.prepareStatement(
                has(STRINGS) ? "SELECT value FROM " + STRINGS + " WHERE id = ?" : "SELECT ? WHERE 0");
        String kinds = "ENUM_CUDA_MEMCPY_OPER";
        if (has(kinds) && columns(kinds).containsAll(Set.of("id", "label"))) {
            try (ResultSet rows = query("SELECT id, label FROM " + kinds)) {
                while (rows.next()) {
                    copyKinds.putIfAbsent(rows.getInt(1), String.valueOf(rows.getString(2)));
                }
            }
        }
    }

    boolean has(String table) {
        return tables.contains(table);
    }

    Set<String> columns(String table) throws SQLException {
        Set<String> columns = new HashSet<>();
        try (ResultSet rows = query("PRAGMA table_info(" + table + ")")) {
            while (rows.next()) {
                columns.add(rows.getString("name"));
            }
        }
        return columns;
    }

    /** Rows that end their statement when they are closed. */
    ResultSet query(String sql) throws SQLException {
        Statement statement = connection.createStatement();
        statement.closeOnCompletion();
        try {
            return statement.executeQuery(sql);
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    String copyKind(int kind) {
        return copyKinds.getOrDefault(kind, "kind " + kind);
    }

    /** A column that holds a text or the number of one in the table of strings. */
    String text(ResultSet rows, int column) throws SQLException {
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

    /** The push/pop ranges. */
    NvtxRanges ranges() throws SQLException, IOException {
        NvtxRanges ranges = new NvtxRanges();
        Set<String> columns = columns("NVTX_EVENTS");
        if (!columns.contains("globalTid")) {
            return ranges;
        }
        String text = columns.contains("text") ? "text" : "NULL";
        String id = columns.contains("textId") ? "textId" : "NULL";
        String kind = columns.contains("eventType") ? " AND eventType = " + NvtxRanges.PUSH_POP : "";
        try (ResultSet rows = query("SELECT globalTid, start, end, coalesce(" + text + ", " + id
                + ") FROM NVTX_EVENTS WHERE end IS NOT NULL" + kind + " ORDER BY globalTid, start, end DESC")) {
            while (rows.next()) {
                ranges.add(file, rows.getLong(1), rows.getLong(2), rows.getLong(3), text(rows, 4));
            }
        }
        return ranges;
    }

    @Override
    public void close() throws SQLException {
        lookup.close();
    }
}
