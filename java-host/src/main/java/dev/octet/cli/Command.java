package dev.octet.cli;

import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Options;

/** One command of the command line. */
interface Command {
    String name();

    /** One line for the list of commands. */
    String summary();

    /** Its positional arguments as shown in the usage line, such as {@code MODEL}; one word an argument. */
    List<String> arguments();

    /** Whether the command takes this many positional arguments. */
    default boolean takes(int count) {
        return count == arguments().size();
    }

    Options options();

    /** Runs the command; failures are exceptions. */
    ExitCode run(Invocation invocation) throws IOException;
}
