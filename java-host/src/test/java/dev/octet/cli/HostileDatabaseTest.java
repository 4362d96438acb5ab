package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite profiles whose schema or rows are made to take time and memory, or commands to a terminal. */
class HostileDatabaseTest {
    private static final long MAX_MILLIS = 8000;

    private static final String KERNELS = "CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL";
    private static final String BLOB = "length(hex(zeroblob(400000000)))";
    private static final String NUMBERS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)";

    @TempDir
    private Path folder;

    private Path database(String name, String... statements) throws IOException {
        Path file = folder.resolve(name);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE META_DATA_EXPORT (name TEXT, value TEXT)");
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IOException(name, e);
        }
        return file;
    }

    /** Each as a file and the exit code of reading it. */
    private List<HostileRuns.Call> calls() throws IOException {
        Path noBytes = Files.write(
                folder.resolve("short"), "SQLite format 3\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        List<Path> files = List.of(
                noBytes,
                database(
                        "computed-column",
                        "CREATE TABLE CUPTI_ACTIVITY_KIND_MEMCPY"
                                + " (start INTEGER, copyKind INTEGER, end INTEGER AS (start + " + BLOB + "))",
                        "INSERT INTO CUPTI_ACTIVITY_KIND_MEMCPY (start, copyKind) VALUES (1, 1)"),
                database(
                        "computed-string",
                        "CREATE TABLE StringIds (id INTEGER, value TEXT AS (hex(zeroblob(400000000))))",
                        "INSERT INTO StringIds VALUES (1)",
                        KERNELS + " (start INTEGER, end INTEGER, demangledName INTEGER)",
                        "INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (1, 2, 1)"),
                database(
                        "quadratic-join",
                        KERNELS + " (start INTEGER, end INTEGER, correlationId INTEGER, demangledName TEXT)",
                        "CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME"
                                + " (start INTEGER, end INTEGER, globalTid INTEGER, correlationId INTEGER)",
                        "CREATE TABLE NVTX_EVENTS (start INTEGER, end INTEGER, eventType INTEGER, text TEXT,"
                                + " textId INTEGER, globalTid INTEGER)",
                        "INSERT INTO NVTX_EVENTS VALUES (1, 99999, 59, 'r', NULL, 7)",
                        NUMBERS + " INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL SELECT i, i, 1, 'k' FROM n",
                        NUMBERS + " INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME SELECT i, i, 7, 1 FROM n"),
                database(
                        "endless-view",
                        "CREATE VIEW CUPTI_ACTIVITY_KIND_KERNEL AS WITH RECURSIVE n(i) AS"
                                + " (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                                + " SELECT i AS start, i AS end, 'k' AS demangledName FROM n"),
                database(
                        "times-beyond-a-long",
                        KERNELS + " (start INTEGER, end INTEGER, demangledName TEXT)",
                        "INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (0, 2000000000000000000, 'k'),"
                                + " (0, 2000000000000000000, 'k'), (0, 2000000000000000000, 'l')"),
                database(
                        "end-that-wraps",
                        KERNELS + " (start INTEGER, end INTEGER, demangledName TEXT)",
                        "INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (9223372036854775807, -9223372036854775808, 'k')"),
                database("no-columns", "CREATE TABLE CUPTI_ACTIVITY_KIND_MEMSET (a)"),
                database(
                        "other-types",
                        KERNELS + " (start TEXT, end BLOB, demangledName REAL)",
                        "INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES"
                                + " ('x', x'00ff', 1e300), (NULL, NULL, NULL), (9223372036854775807, -1, 1)"),
                database(
                        "terminal",
                        KERNELS + " (start INTEGER, end INTEGER, demangledName TEXT)",
                        "INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (1, 2, char(27) || '[2J' || char(10, 0) || 'x')"));
        List<HostileRuns.Call> calls = new ArrayList<>();
        for (Path file : files) {
            calls.add(HostileRuns.Call.of(file.getFileName().toString(), "profile", file));
        }
        return calls;
    }

    @Test
    void profile_hostileDatabase_endsSoonWithOneLine() throws IOException, InterruptedException {
        List<HostileRuns.Call> calls = calls();
        List<Path> before = files();

        List<String> wrong = new ArrayList<>();
        for (HostileRuns.Ended ended : HostileRuns.of(folder, calls)) {
            wrong.addAll(ended.faults(MAX_MILLIS));
            assertThat(ended.code()).as(ended.call() + ": " + ended.err()).isIn(0, ExitCode.INVALID_INPUT.code());
        }

        assertThat(wrong).isEmpty();
        assertThat(files())
                .containsAll(before)
                .filteredOn(file -> file.toString().matches(".*(wal|shm|journal)"))
                .isEmpty();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }
}
