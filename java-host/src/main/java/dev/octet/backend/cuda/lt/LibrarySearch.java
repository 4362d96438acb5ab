package dev.octet.backend.cuda.lt;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether a shared library can be loaded here: asked of the dynamic linker, then tried in folders. Nothing stays loaded.
 *
 * @param where the name, if the dynamic linker finds it, else the file; empty if it cannot be loaded
 * @param fault why not; empty if it can
 */
public record LibrarySearch(Optional<String> where, Optional<String> fault) {
    /** Searches this machine. */
    public static LibrarySearch of(String name) {
        return of(name, CudaFolders.ofThisMachine());
    }

    static LibrarySearch of(String name, List<Path> folders) {
        Optional<String> linker = loadFault(name);
        if (linker.isEmpty()) {
            return new LibrarySearch(Optional.of(name), Optional.empty());
        }
        Optional<String> broken = Optional.empty();
        for (Path folder : folders) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                Optional<String> fault = loadFault(file);
                if (fault.isEmpty()) {
                    return new LibrarySearch(Optional.of(file.toString()), Optional.empty());
                }
                broken = fault.map(text -> file + " cannot be loaded: " + text);
            }
        }
        return new LibrarySearch(Optional.empty(), broken.or(() -> Optional.of(name + " was not found")));
    }

    @SuppressWarnings("restricted") // only tries
    private static Optional<String> loadFault(String name) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(name, arena);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @SuppressWarnings("restricted") // only tries
    private static Optional<String> loadFault(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(file, arena);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
