package dev.octet.cli;

import dev.octet.tensor.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** Refuses outputs that would replace what the same command reads. */
final class InputsKept {
    private InputsKept() {}

    /**
     * Checks one output.
     *
     * @param inputs files and folders; one that is not there cannot be lost
     * @throws ConfigException if the output is one of them, by whatever name
     */
    static void require(Path output, Collection<Path> inputs) {
        for (Path input : inputs) {
            if (isSame(output, input)) {
                throw new ConfigException("cannot write " + output + ": it is an input of this command");
            }
        }
    }

    private static boolean isSame(Path output, Path input) {
        try {
            return Files.isRegularFile(output) && Files.isSameFile(output, input);
        } catch (IOException _) {
            return false;
        }
    }
}
