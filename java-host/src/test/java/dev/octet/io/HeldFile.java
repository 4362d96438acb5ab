package dev.octet.io;

import java.io.IOException;
import java.nio.file.Path;

/** A process that says "open" once it has written half of a file, and then waits for its end. */
final class HeldFile {
    private HeldFile() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try (AtomicFile file = AtomicFile.create(Path.of(args[0]))) {
            file.out().write(new byte[100_000]);
            System.out.println("open");
            Thread.sleep(60_000);
            file.commit();
        }
    }
}
