package dev.octet.profile.read;

import dev.octet.profile.KernelClass;
import dev.octet.profile.KernelClass.Evidence;
import dev.octet.profile.KernelUnit;
import dev.octet.profile.Profile;
import dev.octet.profile.read.KernelTotals.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the SQLite export of Nsight Systems, older and newer schemas: what a table or column lacks is left out. */
final class NsysSqliteReader {
    private static final KernelClass GRAPH = new KernelClass(
            KernelUnit.UNKNOWN,
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Evidence.TRACE,
            "a CUDA graph recorded as a whole; --cuda-graph-trace=node records its kernels");

    private final Path file;
    private final KernelTotals totals;

    NsysSqliteReader(Path file) {
        this.file = file;
        this.totals = new KernelTotals(file);
    }

    Profile read() throws IOException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + file.toAbsolutePath(),
                        SqliteLimits.config().toProperties());
                NsysDatabase database = new NsysDatabase(file, connection)) {
            SqliteLimits.apply(connection, file);
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
        if (message.contains("SQLITE_INTERRUPT")) {
            return "takes far more steps to read than its size explains: it is damaged or made to; export it again";
        }
        return "cannot be read as an Nsight Systems export (" + message + ")";
    }

    private Profile read(NsysDatabase database) throws SQLException, IOException {
        boolean export = database.has("META_DATA_EXPORT") || database.has("EXPORT_META_DATA");
        boolean activity = database.has(NsysActivity.KERNELS.table()) || database.has(NsysActivity.GRAPHS.table());
        if (!activity && !export) {
            throw new ProfileException(
                    file, "is an SQLite file, but no Nsight Systems export (" + Files.size(file) + " bytes)");
        }
        NsysDevices devices = NsysDevices.read(database);
        NsysLaunches launches = NsysLaunches.read(database, database.ranges());
        for (NsysActivity kind : NsysActivity.values()) {
            if (database.has(kind.table())) {
                readActivity(database, kind, launches, devices);
            }
        }
        return totals.profile(Profile.Source.NSYS_SQLITE, devices.described());
    }

    private void readActivity(NsysDatabase database, NsysActivity kind, NsysLaunches launches, NsysDevices devices)
            throws SQLException, IOException {
        Set<String> columns = database.columns(kind.table());
        Optional<String> label = kind.label(columns);
        if (label.isEmpty() || !columns.containsAll(Set.of("start", "end"))) {
            throw new ProfileException(file, "table " + kind.table() + " has no start, end or name");
        }
        boolean correlated = columns.contains("correlationId");
        String query = "SELECT start, end, " + label.get()
                + (columns.contains("deviceId")
                        ? ", coalesce(deviceId, " + Call.NO_DEVICE + ")"
                        : ", " + Call.NO_DEVICE)
                + (columns.contains("globalPid") ? ", globalPid" : ", 0")
                + (correlated ? ", correlationId" : "") + " FROM " + kind.table();
        try (ResultSet rows = database.query(query)) {
            while (rows.next()) {
                long process = rows.getLong(5);
                Optional<String> range = correlated ? launches.range(process, rows.getLong(6)) : Optional.empty();
                int device = devices.number(process, rows.getInt(4));
                add(kind, new Call(name(database, kind, rows), range, rows.getLong(1), rows.getLong(2), device));
            }
        }
    }

    private void add(NsysActivity kind, Call call) throws ProfileException {
        if (kind == NsysActivity.GRAPHS) {
            totals.addStated(call, GRAPH);
        } else {
            totals.addAt(call, Map.of());
        }
    }

    private static String name(NsysDatabase database, NsysActivity kind, ResultSet rows) throws SQLException {
        return switch (kind) {
            case KERNELS -> database.text(rows, 3);
            case COPIES -> "[CUDA memcpy " + database.copyKind(rows.getInt(3)) + "]";
            case FILLS -> "[CUDA memset]";
            case GRAPHS -> "[CUDA graph " + rows.getLong(3) + "]";
        };
    }
}
