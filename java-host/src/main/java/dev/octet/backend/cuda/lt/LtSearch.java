package dev.octet.backend.cuda.lt;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds and loads cuBLASLt: the file or folder that the system property {@value #PROPERTY} names, and nothing else if it is
 * set; else what the dynamic linker finds, CUDA 13 before 12; else the folders of {@link CudaFolders}.
 *
 * @param library empty if there is none that can be used
 * @param detail where it was found, or why each place did not do and how to get it; one line
 */
public record LtSearch(Optional<LtLibrary> library, String detail) {
    /** Names a library file, or a folder that holds one. */
    public static final String PROPERTY = "octet.cublaslt";

    /** In order of preference. */
    static final List<String> NAMES = List.of("libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so");

    private static final String HOW = "install libcublas from NVIDIA's CUDA repository for your distribution, or the"
            + " Python package nvidia-cublas, or name the library with -D" + PROPERTY + "=FILE";

    /** Searches this machine. */
    public static LtSearch run() {
        Optional<String> wanted = Optional.ofNullable(System.getProperty(PROPERTY));
        return wanted.isPresent() ? named(Path.of(wanted.get())) : among(CudaFolders.ofThisMachine());
    }

    private static LtSearch named(Path wanted) {
        List<String> faults = new ArrayList<>();
        List<Path> files = Files.isDirectory(wanted)
                ? NAMES.stream().map(wanted::resolve).filter(Files::exists).toList()
                : List.of(wanted);
        for (Path file : files) {
            Optional<LtLibrary> library = tryFile(file, faults);
            if (library.isPresent()) {
                return found(library.get());
            }
        }
        return new LtSearch(
                Optional.empty(),
                "-D" + PROPERTY + "=" + wanted + " does not lead to cuBLASLt: "
                        + (faults.isEmpty() ? "no " + String.join(", ", NAMES) + " there" : String.join("; ", faults)));
    }

    /** Asks the dynamic linker, then looks into folders. */
    static LtSearch among(List<Path> folders) {
        List<String> faults = new ArrayList<>();
        for (String name : NAMES) {
            try {
                return found(LtLibrary.named(name));
            } catch (IllegalArgumentException e) {
                noteUnlessAbsent(name, e, faults);
            }
        }
        for (String name : NAMES) {
            for (Path folder : folders) {
                Path file = folder.resolve(name);
                Optional<LtLibrary> library = Files.exists(file) ? tryFile(file, faults) : Optional.empty();
                if (library.isPresent()) {
                    return found(library.get());
                }
            }
        }
        String broken = faults.isEmpty() ? "" : " (" + String.join("; ", faults) + ")";
        return new LtSearch(Optional.empty(), String.join(", ", NAMES) + " not found" + broken + "; " + HOW);
    }

    private static LtSearch found(LtLibrary library) {
        return new LtSearch(Optional.of(library), library.name() + ", version " + library.versionText());
    }

    private static Optional<LtLibrary> tryFile(Path file, List<String> faults) {
        try {
            return Optional.of(LtLibrary.at(file.toAbsolutePath()));
        } catch (IllegalArgumentException e) {
            faults.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static void noteUnlessAbsent(String name, IllegalArgumentException e, List<String> faults) {
        String message = String.valueOf(e.getMessage());
        if (!message.contains("No such file") && !message.equals("Cannot open library: " + name)) {
            faults.add(message);
        }
    }
}
