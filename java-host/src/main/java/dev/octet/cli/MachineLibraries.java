package dev.octet.cli;

import dev.octet.report.DoctorReport.LibraryState;
import dev.octet.runtime.Backend;
import dev.octet.runtime.BackendDetails;
import dev.octet.runtime.PeerRuntime;
import dev.octet.runtime.PeerRuntimes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The libraries and programs that Octet uses or could use, and how to get those that are missing. */
final class MachineLibraries {
    static final String DRIVER = "libcuda.so.1";

    private static final String CUDA_REPOSITORY = "NVIDIA's CUDA repository for your distribution";

    private final SearchPath libraries;
    private final SearchPath programs;

    MachineLibraries(SearchPath libraries, SearchPath programs) {
        this.libraries = libraries;
        this.programs = programs;
    }

    List<LibraryState> states(List<Backend> backends) {
        List<LibraryState> states = new ArrayList<>();
        for (Backend backend : backends) {
            for (BackendDetails.Library library : backend.details().libraries()) {
                states.add(
                        new LibraryState(library.name(), library.fault().isEmpty(), library.where(), library.fault()));
            }
        }
        states.add(library("CUDA driver", "install NVIDIA's driver; it comes with it", DRIVER));
        states.add(program("nsys", "install Nsight Systems from " + CUDA_REPOSITORY));
        states.add(program("nvcc", "install the CUDA toolkit, 13 or later, from " + CUDA_REPOSITORY));
        states.add(program("gcc", "install it with your package manager; it builds the native CPU kernels"));
        states.add(peer());
        return states;
    }

    private LibraryState library(String name, String how, String file) {
        return state(name, libraries.find(file), file + " is not in the usual folders; " + how);
    }

    private LibraryState program(String name, String how) {
        return state(name, programs.find(name), name + " is not on the PATH; " + how);
    }

    private static LibraryState state(String name, Optional<Path> file, String fault) {
        return new LibraryState(
                name,
                file.isPresent(),
                file.map(Path::toString),
                file.isPresent() ? Optional.empty() : Optional.of(fault));
    }

    private static LibraryState peer() {
        String name = "ONNX Runtime (peer)";
        try {
            Optional<String> version = PeerRuntimes.named(Peers.ORT).map(PeerRuntime::version);
            return new LibraryState(
                    name,
                    version.isPresent(),
                    version,
                    version.isPresent() ? Optional.empty() : Optional.of(Peers.HOW_TO_GET_ORT));
        } catch (LinkageError e) {
            return new LibraryState(
                    name,
                    false,
                    Optional.empty(),
                    Optional.of("its native library cannot be loaded: " + e.getMessage()));
        }
    }
}
