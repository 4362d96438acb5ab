package dev.octet.backend.cuda;

import dev.octet.backend.cuda.lt.BaselineLibrary;
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
                baseline(BaselineLibrary.CUBLAS),
                baseline(BaselineLibrary.CUDNN));
    }

    private static Library baseline(BaselineLibrary library) {
        BaselineLibrary.Found found = library.find();
        boolean usable = found.where().isPresent();
        return new Library(
                library.name() + " (baseline)",
                usable ? Optional.of(found.detail()) : Optional.empty(),
                usable ? Optional.empty() : Optional.of(found.detail() + "; only benchmarks use it. " + library.how()));
    }
}
