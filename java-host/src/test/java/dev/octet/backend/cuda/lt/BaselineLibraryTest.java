package dev.octet.backend.cuda.lt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineLibraryTest {
    /** A name that no machine has, so that only the folders matter. */
    private static final BaselineLibrary CUBLAS = named("liboctet_no_such_cublas.so.12", 12);

    @TempDir
    Path folder;

    private static BaselineLibrary named(String file, int major) {
        BaselineLibrary real = BaselineLibrary.CUBLAS;
        return new BaselineLibrary(
                real.name(), file, real.beside(), real.functions(), real.version(), major, real.how());
    }

    /** The stand-in of the simulated device. */
    private static Path standIn() {
        Path file = Path.of("../native-kernels/target/simulator/baselines/libcublas.so.12")
                .toAbsolutePath();
        Assumptions.assumeTrue(Files.exists(file), file + " is missing; native-kernels/build-simulator.sh makes it");
        return file;
    }

    private static Path anyLibrary() {
        Optional<Path> library = Stream.of("/lib/x86_64-linux-gnu/libm.so.6", "/lib64/libm.so.6", "/lib/libm.so.6")
                .map(Path::of)
                .filter(Files::exists)
                .findFirst();
        Assumptions.assumeTrue(library.isPresent(), "no shared library of the system is where it usually is");
        return library.orElseThrow();
    }

    @Test
    void find_emptyFolder_saysThatItIsMissing() {
        BaselineLibrary.Found found = CUBLAS.find(List.of(folder));

        assertThat(found.where()).isEmpty();
        assertThat(found.detail()).isEqualTo(CUBLAS.file() + " was not found");
    }

    @Test
    void find_anotherLibraryOfThatName_namesWhatItLacks() throws IOException {
        Path file = Files.copy(anyLibrary(), folder.resolve(CUBLAS.file()));

        BaselineLibrary.Found found = CUBLAS.find(List.of(folder));

        assertThat(found.where()).isEmpty();
        assertThat(found.detail())
                .isEqualTo(
                        file
                                + " lacks cublasCreate_v2, cublasDestroy_v2, cublasGemmEx, cublasGetProperty, so it is not cuBLAS 12");
    }

    @Test
    void find_fileThatIsNoLibrary_saysThatItCannotBeLoaded() throws IOException {
        Path file = Files.writeString(folder.resolve(CUBLAS.file()), "no library");

        assertThat(CUBLAS.find(List.of(folder)).detail()).startsWith(file + " cannot be loaded: ");
    }

    @Test
    @Tag("cuda")
    void find_anotherVersion_namesBoth() throws IOException {
        BaselineLibrary newer = named(CUBLAS.file(), 13);
        Path file = Files.copy(standIn(), folder.resolve(newer.file()));

        BaselineLibrary.Found found = newer.find(List.of(folder));

        assertThat(found.where()).isEmpty();
        assertThat(found.detail()).isEqualTo(file + " is version 12.0.0, not 13");
    }

    @Test
    @Tag("cuda")
    void find_wrongOneFirst_takesTheRightOne() throws IOException {
        Path wrong = Files.createDirectory(folder.resolve("wrong"));
        Path right = Files.createDirectory(folder.resolve("right"));
        Files.copy(anyLibrary(), wrong.resolve(CUBLAS.file()));
        Path file = Files.copy(standIn(), right.resolve(CUBLAS.file()));

        BaselineLibrary.Found found = CUBLAS.find(List.of(wrong, right));

        assertThat(found.where()).contains(file.toString());
        assertThat(found.detail()).isEqualTo(file + ", version 12.0.0");
    }

    @Test
    void load_missing_failsWithWhatItNeeds() {
        assertThatThrownBy(CUBLAS::load)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(CUBLAS.file() + " was not found; JCublas2 12.6 needs");
    }
}
