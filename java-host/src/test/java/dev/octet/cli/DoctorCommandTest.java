package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.report.DoctorReport.LibraryState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DoctorCommandTest {
    @TempDir
    private Path folder;

    @Test
    void doctor_json_hasTheDocumentedFields() {
        CommandRun run = CommandRun.of("doctor", "--json");

        JsonNode json = run.json();
        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(json.get("cpu").asString()).contains("processors");
        assertThat(json.get("cpuFeatures").isArray()).isTrue();
        assertThat(json.get("devices")
                        .valueStream()
                        .map(device -> device.get("name").asString()))
                .contains("cpu")
                .anyMatch(name -> name.startsWith("cuda"));
        assertThat(json.get("libraries")
                        .valueStream()
                        .map(library -> library.get("name").asString()))
                .contains(
                        "native CPU kernels", "CUDA driver", "cuBLASLt", "nsys", "nvcc", "gcc", "ONNX Runtime (peer)");
    }

    @Test
    void doctor_json_saysWhyWhereSomethingIsMissing() {
        JsonNode json = CommandRun.of("doctor", "--json").json();

        for (JsonNode library : json.get("libraries")) {
            assertThat(library.has("why"))
                    .as(library.toString())
                    .isNotEqualTo(library.get("found").asBoolean());
        }
        for (JsonNode device : json.get("devices")) {
            assertThat(device.has("why"))
                    .as(device.toString())
                    .isNotEqualTo(device.get("works").asBoolean());
        }
    }

    @Test
    void doctor_json_cpuAlwaysWorks() {
        JsonNode json = CommandRun.of("doctor", "--json").json();

        JsonNode cpu = json.get("devices")
                .valueStream()
                .filter(device -> device.get("name").asString().equals("cpu"))
                .findFirst()
                .orElseThrow();
        assertThat(cpu.get("works").asBoolean()).isTrue();
    }

    @Test
    void doctor_text_namesDevicesAndLibraries() {
        CommandRun run = CommandRun.of("doctor");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("devices", "cpu", "cuda", "libraries", "gcc");
    }

    @Test
    void find_severalNames_prefersTheFirst() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.createFile(folder.resolve("libx.so.12"));
        Path newer = Files.createFile(other.resolve("libx.so.13"));
        SearchPath path = new SearchPath(List.of(folder.resolve("absent"), folder, other));

        assertThat(path.find("libx.so.13", "libx.so.12")).contains(newer);
        assertThat(path.find("other")).as("a folder is no library").isEmpty();
    }

    @Test
    void states_libraryPresent_isFoundWithItsPlace() throws IOException {
        Path driver = Files.createFile(folder.resolve(MachineLibraries.DRIVER));
        MachineLibraries libraries = new MachineLibraries(new SearchPath(List.of(folder)), new SearchPath(List.of()));

        List<LibraryState> states = libraries.states(List.of());

        assertThat(states)
                .contains(new LibraryState("CUDA driver", true, Optional.of(driver.toString()), Optional.empty()))
                .anySatisfy(state -> {
                    assertThat(state.name()).isEqualTo("nsys");
                    assertThat(state.found()).isFalse();
                    assertThat(state.why().orElseThrow()).contains("install");
                });
    }

    @Test
    void name_cpuinfoOfX86_isTheModelName() {
        List<String> lines = List.of("processor\t: 0", "model\t\t: 7", "model name\t: Some CPU @ 2 GHz");

        assertThat(HostProcessor.name(lines)).contains("Some CPU @ 2 GHz");
        assertThat(HostProcessor.name(List.of("processor : 0"))).isEmpty();
    }
}
