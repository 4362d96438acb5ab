package dev.octet.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelNamesTest {
    private final KernelNames names = KernelNames.load();

    @Test
    void classify_referenceNames_areExact() throws IOException {
        List<String> lines = Files.readAllLines(reference().resolve("kernel-names.tsv"));

        assertThat(lines).hasSizeGreaterThan(70);
        for (String line : lines.subList(1, lines.size())) {
            String[] columns = line.split("\t", -1);
            KernelClass kernelClass = names.classify(columns[0]);
            assertThat(List.of(kernelClass.unit().name(), kernelClass.instructionText(), kernelClass.precisionText()))
                    .as(columns[0])
                    .containsExactly(columns[1], columns[2], columns[3]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"further-kernel-names.tsv", "seen-kernel-names.tsv"})
    void classify_furtherNames_haveTheirUnit(String resource) throws IOException {
        List<String> lines;
        try (InputStream stream = Objects.requireNonNull(KernelNamesTest.class.getResourceAsStream(resource));
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            lines = reader.lines().filter(line -> !line.startsWith("#")).toList();
        }

        assertThat(lines).hasSizeGreaterThan(100);
        for (String line : lines) {
            String[] columns = line.split("\t", -1);
            assertThat(names.classify(columns[1]).unit().name()).as(line).isEqualTo(columns[0]);
        }
    }

    @Test
    void classify_wordsOfOtherKernelsInArguments_doNotDecide() {
        assertThat(names.classify("void cutlass::device_kernel<x::GemmUniversal<x::epilogue::LinearCombinationRelu>>")
                        .unit())
                .isEqualTo(KernelUnit.UNKNOWN);
        assertThat(names.classify("void at::native::reduce_kernel<512, 1, at::native::ReduceOp<x::gemm>>")
                        .unit())
                .isEqualTo(KernelUnit.MEMORY);
    }

    @Test
    void classify_unknownName_staysUnknown() {
        assertThat(names.classify("my_kernel")).isEqualTo(KernelClass.UNKNOWN);
        assertThat(names.classify("")).isEqualTo(KernelClass.UNKNOWN);
    }

    @Test
    void classify_tensorName_tellsTheFirstArchitecture() {
        assertThat(names.classify("octet_i16832_gemm_s8_128x128x64_tn").minimumArchitecture())
                .isEqualTo(OptionalInt.of(80));
        assertThat(names.classify("octet_i8816_gemm_s8_64x64x64_tn").minimumArchitecture())
                .isEqualTo(OptionalInt.of(72));
    }

    @Test
    void classify_veryLongName_isJudgedByItsBeginning() {
        String name = "ampere_h16816gemm_128x64_" + "x".repeat(2_000_000);

        assertThat(names.classify(name).unit()).isEqualTo(KernelUnit.TENSOR);
    }

    private static Path reference() {
        Path folder = Path.of(System.getProperty("octet.reference", "../../../shared/reference"));
        if (!Files.isDirectory(folder)) {
            String reason = "no folder " + folder.toAbsolutePath() + "; set -Doctet.reference";
            assertThat(Arrays.asList(System.getProperty("dev.octet.require", "").split(",", -1)))
                    .as(reason)
                    .doesNotContain("shared");
            Assumptions.abort(reason);
        }
        return folder;
    }
}
