package dev.octet.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Folders of data beside the project. A test that asks for one that is absent is skipped with the reason, or fails where
 * the property {@code dev.octet.require} contains {@code shared}.
 */
public final class SharedData {
    private SharedData() {}

    public static Path conformance() {
        return folder("octet.conformance");
    }

    public static Path data() {
        return folder("octet.data");
    }

    public static Path reference() {
        return folder("octet.reference");
    }

    private static Path folder(String property) {
        String value = System.getProperty(property, "");
        boolean present = !value.isEmpty() && Files.isDirectory(Path.of(value));
        String reason = "no folder at \"" + value + "\" (property " + property + ")";
        if (isRequired()) {
            Assertions.assertTrue(present, reason);
        }
        Assumptions.assumeTrue(present, reason);
        return Path.of(value);
    }

    private static boolean isRequired() {
        String required = System.getProperty("dev.octet.require", "");
        return Arrays.asList(required.split(",")).contains("shared");
    }
}
