package dev.octet.backend.cuda.lt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@NullMarked
@Isolated("sets a system property")
class LtSearchTest {
    @TempDir
    Path folder;

    @Test
    void among_emptyFolder_saysWhatIsMissingAndHowToGetIt() {
        LtSearch search = LtSearch.among(List.of(folder));

        Assumptions.assumeTrue(search.library().isEmpty(), "this machine's dynamic linker finds cuBLASLt");
        assertThat(search.detail())
                .contains("libcublasLt.so.13")
                .contains("libcublasLt.so.12")
                .contains("install libcublas")
                .doesNotContain("\n");
    }

    @Test
    void among_fileThatIsNoLibrary_saysSo() throws IOException {
        Files.writeString(folder.resolve("libcublasLt.so.12"), "no library");

        LtSearch search = LtSearch.among(List.of(folder));

        Assumptions.assumeTrue(search.library().isEmpty(), "this machine's dynamic linker finds cuBLASLt");
        assertThat(search.detail()).contains(folder.resolve("libcublasLt.so.12").toString());
    }

    @Test
    void run_propertyNamesNothing_usesNoOtherLibrary() {
        withProperty(folder.resolve("absent.so"), () -> {
            LtSearch search = LtSearch.run();

            assertThat(search.library()).isEmpty();
            assertThat(search.detail()).contains(LtSearch.PROPERTY).contains("absent.so");
        });
    }

    @Test
    void folders_pythonPackagesAndToolkits_areFound() throws IOException {
        Path wheel = folder.resolve("venv/lib/python3.12/site-packages/nvidia/cu13/lib");
        Path toolkit = folder.resolve("local/cuda-13.0/lib64");
        Path user = folder.resolve("home/.local/lib/python3.11/site-packages/nvidia/cublas/lib");
        Files.createDirectories(wheel);
        Files.createDirectories(toolkit);
        Files.createDirectories(user);

        List<Path> found = CudaFolders.of(
                Map.of("VIRTUAL_ENV", folder.resolve("venv").toString()),
                folder.resolve("home"),
                folder.resolve("local"),
                folder.resolve("lib"));

        assertThat(found).containsExactly(toolkit, wheel, user);
    }

    static void withProperty(Path value, Runnable action) {
        String before = System.getProperty(LtSearch.PROPERTY, "");
        System.setProperty(LtSearch.PROPERTY, value.toString());
        try {
            action.run();
        } finally {
            if (before.isEmpty()) {
                System.clearProperty(LtSearch.PROPERTY);
            } else {
                System.setProperty(LtSearch.PROPERTY, before);
            }
        }
    }
}
