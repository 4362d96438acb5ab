package dev.octet.cli;

import dev.octet.tensor.ConfigException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/** One call of a command: its parsed options and arguments, and where output goes. */
record Invocation(CommandLine line, Console console) {
    List<String> arguments() {
        return line.getArgList();
    }

    String argument(int index) {
        return line.getArgList().get(index);
    }

    Path pathArgument(int index) {
        return path(argument(index));
    }

    boolean has(String option) {
        return line.hasOption(option);
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(line.getOptionValue(option));
    }

    String value(String option, String absent) {
        return value(option).orElse(absent);
    }

    List<String> values(String option) {
        String[] values = line.getOptionValues(option);
        return values == null ? List.of() : List.of(values);
    }

    Path requiredPath(String option) {
        return path(value(option).orElseThrow(() -> new ConfigException("option --" + option + " is required")));
    }

    Optional<Path> path(Optional<String> text) {
        return text.map(Invocation::path);
    }

    /** A path that stands in an option's value. */
    static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigException("\"" + text + "\" is not a path", e);
        }
    }

    /** An integer option within bounds. */
    long integer(String option, long absent, long min, long max) {
        return value(option).map(text -> integer(option, text, min, max)).orElse(absent);
    }

    /** An integer within bounds that stands in an option's value. */
    static long integer(String option, String text, long min, long max) {
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the same message: the text is no usable number.
        }
        throw new ConfigException(
                "option --" + option + " is \"" + text + "\", expected an integer from " + min + " to " + max);
    }
}
