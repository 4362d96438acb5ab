package dev.octet.backend.cuda.lt;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A library of NVIDIA's that benchmarks compare with through JCuda's bindings. Searched as cuBLASLt is: what the dynamic
 * linker finds, then the folders of {@link CudaFolders}. JCuda binds a function when it is first called, and the process
 * ends where there is none: so all that are called are looked for first, and the version is asked.
 *
 * @param name for people
 * @param file the only name under which JCuda's native library asks for it
 * @param beside files that it needs itself, loaded first where they lie in its folder
 * @param functions that are called
 * @param version the function that tells the version: {@code int (int part, int* value)}
 * @param major the version that JCuda's native library was made for
 * @param how to get it
 */
public record BaselineLibrary(
        String name, String file, List<String> beside, List<String> functions, String version, int major, String how) {
    /** For {@code cublasGemmEx} of JCublas2 12.6. */
    public static final BaselineLibrary CUBLAS = new BaselineLibrary(
            "cuBLAS 12",
            "libcublas.so.12",
            List.of("libcublasLt.so.12"),
            List.of("cublasCreate_v2", "cublasDestroy_v2", "cublasGemmEx"),
            "cublasGetProperty",
            12,
            "JCublas2 12.6 needs this version, CUDA 13's does not do; install libcublas-12 from NVIDIA's CUDA repository or"
                    + " the Python package nvidia-cublas-cu12");

    /** For forward convolution of JCudnn 11.7. */
    public static final BaselineLibrary CUDNN = new BaselineLibrary(
            "cuDNN 8",
            "libcudnn.so.8",
            List.of("libcudnn_ops_infer.so.8", "libcudnn_cnn_infer.so.8"),
            List.of(
                    "cudnnCreate",
                    "cudnnDestroy",
                    "cudnnCreateTensorDescriptor",
                    "cudnnSetTensor4dDescriptor",
                    "cudnnDestroyTensorDescriptor",
                    "cudnnCreateFilterDescriptor",
                    "cudnnSetFilter4dDescriptor",
                    "cudnnDestroyFilterDescriptor",
                    "cudnnCreateConvolutionDescriptor",
                    "cudnnSetConvolution2dDescriptor",
                    "cudnnSetConvolutionMathType",
                    "cudnnDestroyConvolutionDescriptor",
                    "cudnnGetConvolutionForwardWorkspaceSize",
                    "cudnnConvolutionForward"),
            "cudnnGetProperty",
            8,
            "JCudnn 11.7 needs this version, cuDNN 9 does not do; install libcudnn8 from NVIDIA's CUDA repository or the"
                    + " Python package nvidia-cudnn-cu12 before 9");

    private static final int VERSION_PARTS = 3;

    /**
     * What a search came to.
     *
     * @param where the name, if the dynamic linker finds it, else the file; empty if none can be used
     * @param detail the version, or why each place did not do; one line
     */
    public record Found(Optional<String> where, String detail) {}

    /** Searches this machine; nothing stays loaded. */
    public Found find() {
        return find(CudaFolders.ofThisMachine());
    }

    Found find(List<Path> folders) {
        List<String> faults = new ArrayList<>();
        Optional<Found> found = attempt(file, faults);
        for (Path folder : folders) {
            Path candidate = folder.resolve(file);
            if (found.isEmpty() && Files.exists(candidate)) {
                found = attempt(candidate.toAbsolutePath().toString(), faults);
            }
        }
        String reason = faults.isEmpty() ? file + " was not found" : String.join("; ", faults);
        return found.orElseGet(() -> new Found(Optional.empty(), reason));
    }

    /**
     * Loads the library for the rest of the process, so that JCuda's native library finds it by its name.
     *
     * @throws IllegalStateException if there is none, saying what it needs
     */
    public void load() {
        Found found = find();
        String where = found.where.orElseThrow(() -> new IllegalStateException(found.detail + "; " + how));
        open(where, Arena.global());
    }

    private Optional<Found> attempt(String where, List<String> faults) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup symbols = open(where, arena);
            Optional<String> fault = missing(symbols);
            if (fault.isEmpty()) {
                String text = versionText(symbols, arena);
                boolean right = text.startsWith(major + ".");
                fault = right ? Optional.empty() : Optional.of("is version " + text + ", not " + major);
                if (right) {
                    return Optional.of(new Found(Optional.of(where), where + ", version " + text));
                }
            }
            fault.ifPresent(text -> faults.add(where + " " + text));
        } catch (IllegalArgumentException e) {
            if (!where.equals(file)) {
                faults.add(where + " cannot be loaded: " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("restricted") // native libraries are what is looked for
    private SymbolLookup open(String where, Arena arena) {
        if (where.equals(file)) {
            return SymbolLookup.libraryLookup(file, arena);
        }
        Path path = Path.of(where);
        for (String other : beside) {
            Path sibling = path.resolveSibling(other);
            if (Files.exists(sibling)) {
                SymbolLookup.libraryLookup(sibling, arena);
            }
        }
        return SymbolLookup.libraryLookup(path, arena);
    }

    private Optional<String> missing(SymbolLookup symbols) {
        List<String> missing = new ArrayList<>(functions);
        missing.add(version);
        missing.removeIf(function -> symbols.find(function).isPresent());
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("lacks " + String.join(", ", missing) + ", so it is not " + name);
    }

    @SuppressWarnings("restricted") // calls into the library
    private String versionText(SymbolLookup symbols, Arena arena) {
        FunctionDescriptor type =
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
        List<String> parts = new ArrayList<>();
        try {
            var ask = Linker.nativeLinker().downcallHandle(symbols.find(version).orElseThrow(), type);
            for (int part = 0; part < VERSION_PARTS; part++) {
                int status = (int) ask.invokeExact(part, value);
                parts.add(status == 0 ? Integer.toString(value.get(ValueLayout.JAVA_INT, 0)) : "?");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(version, e);
        }
        return String.join(".", parts);
    }
}
