package dev.octet.fuzz;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What Jazzer calls: the target that the system property {@code octet.fuzz.target} names. The bytes are what is read, but
 * for {@code plan}, where they choose a model of the conformance sets and how it changes. The well-formed bytes of the
 * target are put into the folder that {@code octet.fuzz.corpus} names, which Jazzer reads after that. An input is a hang if
 * it takes more than {@value #MAX_SECONDS} s of the processor: a busy machine lengthens no such time.
 */
public final class JazzerEntry {
    private static final long MAX_SECONDS = 10;

    /** Enough to choose a model and a few changes. */
    private static final int CHOICE_BYTES = 48;

    private static Optional<FuzzTarget> target = Optional.empty();
    private static Path folder = Path.of("");

    private JazzerEntry() {}

    /** Called once before all else. */
    public static void fuzzerInitialize() throws IOException {
        folder = Files.createTempDirectory("octet-fuzz");
        folder.toFile().deleteOnExit();
        FuzzTarget named = FuzzTargets.of(System.getProperty("octet.fuzz.target", ""), folder);
        // Classes are loaded and instrumented now: with the first inputs it would count as their time.
        named.seeds().forEach(seed -> named.feed(seed, folder));
        target = Optional.of(named);
        Optional<Path> corpus =
                Optional.ofNullable(System.getProperty("octet.fuzz.corpus")).map(Path::of);
        if (corpus.isPresent()) {
            Random random = new Random(1);
            for (int i = 0; i < named.seeds().size(); i++) {
                byte[] choices = new byte[CHOICE_BYTES];
                random.nextBytes(choices);
                byte[] seed =
                        named.name().equals("plan") ? choices : named.seeds().get(i);
                Files.write(corpus.get().resolve("seed" + i), seed);
            }
        }
    }

    /** Called with each input. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        FuzzTarget used = target.orElseThrow();
        byte[] bytes = used.name().equals("plan") ? model(used, input) : input;
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Optional<Throwable> fault = used.feed(bytes, folder);
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
        if (nanos > TimeUnit.SECONDS.toNanos(MAX_SECONDS)) {
            fault = Optional.of(new AssertionError("took " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"));
        }
        if (fault.isPresent()) {
            Path kept = Files.write(Files.createTempFile("octet-" + used.name(), ".input"), bytes);
            throw new AssertionError("kept as " + kept, fault.get());
        }
    }

    private static byte[] model(FuzzTarget used, byte[] input) {
        Random choices = new Choices(input);
        byte[] seed = used.seeds().get(choices.nextInt(used.seeds().size()));
        return used.mutation().mutate(seed, used.seeds(), choices);
    }

    /** Decisions read from bytes, zeros after their end: nearby bytes make nearby decisions. */
    private static final class Choices extends Random {
        private static final long serialVersionUID = 1;

        private final transient byte[] bytes;
        private int at;

        Choices(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        protected int next(int bits) {
            int value = 0;
            for (int i = 0; i < 2; i++) {
                value = value << 8 | (at < bytes.length ? bytes[at++] & 0xFF : 0);
            }
            return value << 15 >>> 32 - bits;
        }
    }
}
