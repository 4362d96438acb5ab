package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileCommandTest {
    @TempDir
    private Path folder;

    @Test
    void names_file_printsUnitInstructionAndPrecision() throws IOException {
        Path file = Files.writeString(folder.resolve("names.txt"), "volta_h884gemm_64x64_ldg8_tt\nno_such\n");

        CommandRun run = CommandRun.of("profile", "--names", file);

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out().lines())
                .containsExactly(
                        "volta_h884gemm_64x64_ldg8_tt\tTENSOR\tHMMA 8x8x4\tFP16", "no_such\tUNKNOWN\t-\t-");
    }

    @Test
    void names_missingFile_isInvalidInput() {
        CommandRun run = CommandRun.of("profile", "--names", folder.resolve("absent"));

        assertThat(run.code()).isEqualTo(ExitCode.INVALID_INPUT);
        assertThat(run.err()).contains("does not exist");
    }
}
