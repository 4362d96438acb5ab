package dev.octet.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** Folders of models, data and references that lie beside the project. A test without them is skipped, saying so. */
public final class SharedData {
    private static final Path DEFAULT = Path.of("..", "..", "shared");

    private SharedData() {}

    /** The folder with the conformance sets. */
    public static Path conformance() {
        return folder("octet.conformance", "conformance");
    }

    /** The folder with models and images. */
    public static Path data() {
        return folder("octet.data", "data");
    }

    /** The folder with reference values. */
    public static Path reference() {
        return folder("octet.reference", "reference");
    }

    private static Path folder(String property, String name) {
        Path root = Path.of(System.getProperty("octet.shared", DEFAULT.toString()));
        Path path = Path.of(System.getProperty(property, root.resolve(name).toString()));
        if (!Files.isDirectory(path)) {
            String reason = "no folder " + path.toAbsolutePath().normalize() + "; set -D" + property;
            if (Arrays.asList(System.getProperty("dev.octet.require", "").split(",", -1))
                    .contains("shared")) {
                throw new AssertionError(reason);
            }
            Assumptions.abort(reason);
        }
        return path;
    }
}
