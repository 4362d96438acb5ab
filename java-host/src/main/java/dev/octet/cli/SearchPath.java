package dev.octet.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Folders where native libraries or programs usually are, searched in order. Only looks: loads and starts nothing.
 *
 * @param folders that need not exist
 */
record SearchPath(List<Path> folders) {
    SearchPath {
        folders = List.copyOf(folders);
    }

    /** Where the dynamic linker and CUDA installations keep shared libraries. */
    static SearchPath libraries() {
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        List<Path> folders = new ArrayList<>(listed("LD_LIBRARY_PATH"));
        Stream.of(
                        "/usr/lib/" + machine + "-linux-gnu",
                        "/lib/" + machine + "-linux-gnu",
                        "/usr/lib64",
                        "/usr/lib",
                        "/usr/local/lib",
                        "/usr/lib/wsl/lib",
                        "/usr/local/nvidia/lib64")
                .map(Path::of)
                .forEach(folders::add);
        cudaRoots().forEach(root -> folders.add(root.resolve("lib64")));
        return new SearchPath(folders);
    }

    /** {@code PATH}, and where CUDA's and Nsight's programs are installed. */
    static SearchPath programs() {
        List<Path> folders = new ArrayList<>(listed("PATH"));
        cudaRoots().forEach(root -> folders.add(root.resolve("bin")));
        children(Path.of("/opt/nvidia/nsight-systems")).forEach(version -> folders.add(version.resolve("bin")));
        return new SearchPath(folders);
    }

    /** The first of the files that exists, names in order of preference. */
    Optional<Path> find(String... names) {
        return Stream.of(names)
                .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static List<Path> cudaRoots() {
        return children(Path.of("/usr/local")).stream()
                .filter(child -> child.getFileName().toString().startsWith("cuda"))
                .toList();
    }

    private static List<Path> children(Path folder) {
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                entries.forEach(children::add);
            } catch (IOException e) {
                return List.of();
            }
        }
        children.sort(null);
        return children;
    }

    private static List<Path> listed(String variable) {
        String text = Optional.ofNullable(System.getenv(variable)).orElse("");
        List<Path> folders = new ArrayList<>();
        for (String entry : text.split(java.util.regex.Pattern.quote(File.pathSeparator), -1)) {
            try {
                if (!entry.isEmpty()) {
                    folders.add(Path.of(entry));
                }
            } catch (InvalidPathException e) {
                // An entry that names no folder holds no file either.
            }
        }
        return folders;
    }
}
