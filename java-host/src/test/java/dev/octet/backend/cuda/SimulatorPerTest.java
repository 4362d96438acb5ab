package dev.octet.backend.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A sound {@link Simulator} for each test of a class that registers this in a field; tests are skipped without one. */
public final class SimulatorPerTest implements BeforeEachCallback, AfterEachCallback {
    private Optional<Path> folder = Optional.empty();
    private Optional<Simulator> simulator = Optional.empty();

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Path made = Files.createTempDirectory("simulator");
        folder = Optional.of(made);
        simulator = Optional.of(Simulator.require(made));
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        simulator.ifPresent(Simulator::close);
        if (folder.isPresent()) {
            for (Path file : List.of(Simulator.LEAKS, Simulator.VIOLATIONS, Path.of(""))) {
                Files.deleteIfExists(folder.get().resolve(file));
            }
        }
    }

    /** The running test's simulator. */
    public Simulator get() {
        return simulator.orElseThrow();
    }
}
