package dev.octet.backend.cuda;

import dev.octet.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which way of computing a product was fastest, remembered in a file from run to run: one line a product, {@code key},
 * a tab, and {@code own}, {@code wgmma} with the tile or {@code cublaslt} with the algorithm's bytes. The file is only a
 * memory: if it cannot be read or written, products are timed again. Thread-safe; of two processes that write at once, one's new lines may be lost.
 */
final class ProductCache {
    private static final System.Logger LOG = System.getLogger(ProductCache.class.getName());
    private static final String OWN = "own";
    private static final String WARPGROUP = "wgmma ";
    private static final String LIBRARY = "cublaslt ";

    private final Path file;
    private final Map<String, Choice> choices;

    /** The fastest way of computing a product. */
    sealed interface Choice {
        /** The kernel that any device has. */
        record Own() implements Choice {}

        /** The kernel of Hopper's warpgroup instruction, with its tile. */
        record Warpgroup(WarpgroupTile tile) implements Choice {}

        /** An algorithm of cuBLASLt, in hexadecimal digits. */
        record Library(String algorithm) implements Choice {}
    }

    private static Optional<Choice> parse(String text) {
        if (text.equals(OWN)) {
            return Optional.of(new Choice.Own());
        }
        if (text.startsWith(WARPGROUP)) {
            return WarpgroupTile.of(text.substring(WARPGROUP.length())).map(Choice.Warpgroup::new);
        }
        boolean algorithm =
                text.startsWith(LIBRARY) && text.substring(LIBRARY.length()).matches("[0-9a-f]+");
        return algorithm ? Optional.of(new Choice.Library(text.substring(LIBRARY.length()))) : Optional.empty();
    }

    private static String text(Choice choice) {
        return switch (choice) {
            case Choice.Own _ -> OWN;
            case Choice.Warpgroup warpgroup -> WARPGROUP + warpgroup.tile().label();
            case Choice.Library library -> LIBRARY + library.algorithm();
        };
    }

    ProductCache(Path file) {
        this.file = file;
        this.choices = read(file);
    }

    /** The file of this user. */
    static Path userFile() {
        String cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).orElse("");
        Path root = cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return root.resolve("octet").resolve("cuda-products.tsv");
    }

    synchronized Optional<Choice> get(String key) {
        return Optional.ofNullable(choices.get(key));
    }

    /** Remembers a choice, in the file too. */
    synchronized void put(String key, Choice choice) {
        choices.put(key, choice);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Map<String, Choice> all = read(file);
            all.putAll(choices);
            StringBuilder text = new StringBuilder();
            all.forEach((name, value) ->
                    text.append(name).append('\t').append(text(value)).append('\n'));
            AtomicFile.write(file, text.toString());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0} was not written: {1}", file, e);
        }
    }

    private static Map<String, Choice> read(Path file) {
        Map<String, Choice> choices = new TreeMap<>();
        if (!Files.isRegularFile(file)) {
            return choices;
        }
        try {
            // Any bytes are a text in this encoding; keys and choices are ASCII.
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                int tab = line.indexOf('\t');
                Optional<Choice> choice = tab > 0 ? parse(line.substring(tab + 1)) : Optional.empty();
                choice.ifPresentOrElse(
                        value -> choices.put(line.substring(0, tab), value),
                        () -> LOG.log(System.Logger.Level.WARNING, "{0} has a damaged line, which is left out", file));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} cannot be read and is left out: {1}", file, e.getMessage());
        }
        return choices;
    }
}
