package dev.octet.bench.gpu;

import dev.octet.backend.cuda.lt.LibrarySearch;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads a library that JCuda's natives ask the dynamic linker for, where it lies outside the linker's folders. */
final class LoadedLibrary {
    private LoadedLibrary() {}

    /**
     * Makes a library known to the linker.
     *
     * @param name as the native asks for it
     * @param needed what it needs itself, loaded first where it lies beside it
     * @throws IllegalStateException if it is not on this machine
     */
    @SuppressWarnings("restricted") // native libraries are what is measured
    static void require(String name, String... needed) {
        LibrarySearch search = LibrarySearch.of(name);
        String where = search.where()
                .orElseThrow(() -> new IllegalStateException(
                        search.fault().orElse(name + " was not found") + "; octet doctor says how to get it"));
        Path file = Path.of(where);
        if (!file.isAbsolute()) {
            return;
        }
        for (String other : needed) {
            Path beside = file.resolveSibling(other);
            if (Files.exists(beside)) {
                System.load(beside.toString());
            }
        }
        System.load(file.toString());
    }
}
