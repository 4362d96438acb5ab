package dev.octet.backend.cuda;

import dev.octet.backend.cuda.lt.LibrarySearch;
import dev.octet.backend.cuda.lt.LtSearch;
import dev.octet.runtime.BackendDetails.Library;
import java.util.List;
import java.util.Optional;

/** NVIDIA's libraries that are used where they are found: cuBLASLt by plans, the others by benchmarks to compare with. */
final class CudaLibraries {
    private CudaLibraries() {}

    /** Which are here, and what the others need. */
    static List<Library> states() {
        LtSearch lt = LtSearch.run();
        return List.of(
                new Library(
                        "cuBLASLt",
                        lt.library().map(_ -> lt.detail()),
                        lt.library().isPresent() ? Optional.empty() : Optional.of(lt.detail())),
                baseline(
                        "cuBLAS 12 (baseline)",
                        "libcublas.so.12",
                        "JCublas2 12.6 needs this version, CUDA 13's does not do; install libcublas-12 from NVIDIA's CUDA"
                                + " repository or the Python package nvidia-cublas-cu12"),
                baseline(
                        "cuDNN 8 (baseline)",
                        "libcudnn.so.8",
                        "JCudnn 11.7 needs this version, cuDNN 9 does not do; install libcudnn8 from NVIDIA's CUDA"
                                + " repository or the Python package nvidia-cudnn-cu12 before 9"));
    }

    private static Library baseline(String name, String file, String how) {
        LibrarySearch search = LibrarySearch.of(file);
        return new Library(
                name, search.where(), search.fault().map(fault -> fault + "; only benchmarks use it. " + how));
    }
}
