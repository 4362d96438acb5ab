package dev.octet.profile.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;

/**
 * What a database from a stranger may make SQLite do. A schema can hold expressions that are computed when a column is
 * read, and values that make a join quadratic: both take any time and memory from a file of a few kilobytes.
 */
final class SqliteLimits {
    /** The longest text or blob; names of kernels are shorter by far. */
    private static final int MAX_VALUE_BYTES = 1 << 24;

    /** Steps of SQLite's virtual machine for any file: a second. */
    private static final long FREE_STEPS = 5_000_000;

    /** Steps for each byte of the file. Reading an export takes about half a step. */
    private static final long STEPS_PER_BYTE = 5;

    private static final int STEPS_BETWEEN_CALLS = 100_000;

    private SqliteLimits() {}

    /** What a connection is opened with: read only, never waiting for a lock. */
    static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(0);
        config.setPragma(SQLiteConfig.Pragma.LIMIT_LENGTH, Integer.toString(MAX_VALUE_BYTES));
        return config;
    }

    /** Ends what a connection does when it has taken more steps than the file's size explains. */
    static void apply(Connection connection, Path file) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA trusted_schema = OFF");
            statement.execute("PRAGMA cell_size_check = ON");
        }
        long calls = (FREE_STEPS + STEPS_PER_BYTE * Files.size(file)) / STEPS_BETWEEN_CALLS;
        ProgressHandler.setHandler(connection, STEPS_BETWEEN_CALLS, new Countdown(calls));
    }

    /** Stops SQLite after so many calls. */
    private static final class Countdown extends ProgressHandler {
        private long left;

        Countdown(long calls) {
            this.left = calls;
        }

        @Override
        protected int progress() {
            left--;
            return left < 0 ? 1 : 0;
        }
    }
}
