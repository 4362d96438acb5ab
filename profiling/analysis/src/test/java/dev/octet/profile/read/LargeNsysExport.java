package dev.octet.profile.read;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Writes an export of any size in the proportions of real ones: for each kernel the call that launched it and another
 * call of the API, for every fourth an NVTX range with a text of its own, columns as wide as the documented ones.
 */
final class LargeNsysExport {
    private static final long THREAD = 7 * 0x1000000L + 3;
    private static final int BATCH = 50_000;
    private static final int CHECK = 500;

    private LargeNsysExport() {}

    /** Returns how many kernels it wrote. */
    static long write(Path file, long bytes, int names) throws SQLException {
        NsysFixture.newer(file);
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            try (Statement statement = database.createStatement()) {
                statement.execute("PRAGMA synchronous = OFF");
                statement.execute("PRAGMA journal_mode = OFF");
                for (String column : new String[] {
                    "deviceId",
                    "contextId",
                    "streamId",
                    "launchType",
                    "cacheConfig",
                    "registersPerThread",
                    "gridY",
                    "gridZ",
                    "blockX",
                    "blockY",
                    "blockZ",
                    "staticSharedMemory",
                    "dynamicSharedMemory",
                    "localMemoryPerThread",
                    "localMemoryTotal",
                    "gridId",
                    "sharedMemoryExecuted"
                }) {
                    statement.execute("ALTER TABLE CUPTI_ACTIVITY_KIND_KERNEL ADD COLUMN " + column + " INTEGER");
                }
            }
            database.setAutoCommit(false);
            long rows = writeRows(database, file, bytes, names);
            database.commit();
            return rows;
        }
    }

    private static long writeRows(Connection database, Path file, long bytes, int names) throws SQLException {
        long row = 0;
        try (PreparedStatement kernel = database.prepareStatement("INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES"
                        + " (?,?,?,?,?,?,4, 0,1,7,0,1,96,1,1,256,1,1,49152,65536,0,123456789,?,102400)");
                PreparedStatement call = database.prepareStatement(
                        "INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES (?,?," + THREAD + ",?,9)");
                PreparedStatement range =
                        database.prepareStatement("INSERT INTO NVTX_EVENTS VALUES (?,?,59,?,NULL," + THREAD + ")");
                PreparedStatement text = database.prepareStatement("INSERT INTO StringIds VALUES (?, ?)")) {
            for (int i = 0; i < names; i++) {
                set(text, 100 + i);
                text.setString(2, "kernel_" + i);
                text.execute();
            }
            for (; row % CHECK != 0 || file.toFile().length() < bytes; row++) {
                long at = 1_000_000_000L + row * 5000;
                if (row % 4 == 0) {
                    set(range, at, at + 19_999);
                    range.setString(3, "/model/layers." + row % 1000 + "/MatMul");
                    range.execute();
                }
                set(call, at + 10, at + 20, 1000 + 2 * row);
                call.execute();
                set(call, at + 30, at + 40, 1001 + 2 * row);
                call.execute();
                set(kernel, at + 100, at + 4100, 1000 + 2 * row, THREAD - 3, 100 + row % names, 100 + row % names, row);
                kernel.execute();
                if (row % BATCH == 0) {
                    database.commit();
                }
            }
        }
        return row;
    }

    private static void set(PreparedStatement statement, long... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setLong(i + 1, values[i]);
        }
    }
}
