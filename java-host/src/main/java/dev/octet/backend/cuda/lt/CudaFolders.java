package dev.octet.backend.cuda.lt;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Folders outside the dynamic linker's own where CUDA's libraries may be: installed toolkits and Python's packages. */
public final class CudaFolders {
    private CudaFolders() {}

    /** Those of this machine and this user that exist. */
    public static List<Path> ofThisMachine() {
        return of(
                System.getenv(), Path.of(System.getProperty("user.home")), Path.of("/usr/local"), Path.of("/usr/lib"));
    }

    /**
     * Those of a machine.
     *
     * @param environment its variables: CUDA_HOME, CUDA_PATH, VIRTUAL_ENV and CONDA_PREFIX name roots to look below
     */
    static List<Path> of(Map<String, String> environment, Path home, Path local, Path system) {
        List<Path> folders = new ArrayList<>();
        Stream<Path> toolkits = Stream.concat(
                roots(environment, "CUDA_HOME", "CUDA_PATH"),
                children(local).stream()
                        .filter(child -> child.getFileName().toString().startsWith("cuda"))
                        .sorted(java.util.Comparator.reverseOrder()));
        toolkits.forEach(root -> {
            folders.add(root.resolve("lib64"));
            folders.add(root.resolve("lib"));
        });
        Stream.of(
                        roots(environment, "VIRTUAL_ENV", "CONDA_PREFIX").map(root -> root.resolve("lib")),
                        Stream.of(home.resolve(".local").resolve("lib"), local.resolve("lib"), system))
                .flatMap(libraries -> libraries)
                .flatMap(CudaFolders::ofPythonBelow)
                .forEach(folders::add);
        roots(environment, "CONDA_PREFIX").forEach(root -> folders.add(root.resolve("lib")));
        return folders.stream().filter(Files::isDirectory).distinct().toList();
    }

    /** {@code lib/python3.x/site-packages/nvidia/<package>/lib} below a folder. */
    private static Stream<Path> ofPythonBelow(Path libraries) {
        return children(libraries).stream()
                .filter(child -> child.getFileName().toString().startsWith("python3"))
                .flatMap(python -> Stream.of(python.resolve("site-packages"), python.resolve("dist-packages")))
                .flatMap(packages -> children(packages.resolve("nvidia")).stream())
                .map(part -> part.resolve("lib"));
    }

    private static Stream<Path> roots(Map<String, String> environment, String... variables) {
        return Stream.of(variables)
                .map(variable -> environment.getOrDefault(variable, ""))
                .filter(value -> !value.isEmpty())
                .flatMap(CudaFolders::path);
    }

    private static Stream<Path> path(String text) {
        try {
            return Stream.of(Path.of(text));
        } catch (InvalidPathException _) {
            return Stream.of();
        }
    }

    private static List<Path> children(Path folder) {
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                entries.forEach(children::add);
            } catch (IOException _) {
                return List.of();
            }
        }
        children.sort(null);
        return children;
    }
}
