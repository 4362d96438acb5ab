package dev.octet.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelWordsTest {
    @ParameterizedTest
    @CsvSource({
        "gatherTopK2, _gather_top_k_2_",
        "FusedAddRMSNormKernel, _fused_add_rms_norm_kernel_",
        "conv2d_kernel, _conv2d_kernel_",
        "reduce0, _reduce_0_",
        "_w8a8_matmul, _w8a_8_matmul_",
        "__myl_Move, _myl_move_",
        "matmul$241, _matmul_241_"
    })
    void words_ownName_partAtUnderscoresCapitalsAndLastDigits(String own, String words) {
        assertThat(OwnName.words(own)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "copy_rows, MEMORY",
        "copying, UNKNOWN",
        "presort, MEMORY",
        "sorted, UNKNOWN",
        "transposed, MEMORY",
        "layer_norm, MEMORY",
        "layer_two_norm, UNKNOWN",
        "a_dot_b_copy, CUDA",
        "dot_b, UNKNOWN"
    })
    void classify_words_areWholeUnlessStarred(String name, KernelUnit unit) {
        KernelWords words =
                KernelWords.of(List.of(row("CUDA", "dot+copy"), row("MEMORY", "copy *sort transp* layer_norm")));

        assertThat(words.classify(name).map(KernelClass::unit).orElse(KernelUnit.UNKNOWN))
                .isEqualTo(unit);
    }

    @Test
    void classify_functionAndNamespaceDiffer_functionDecides() {
        KernelWords words = KernelWords.of(List.of(row("CUDA", "fft"), row("MEMORY", "transpose")));

        assertThat(words.classify("fft::transpose").map(KernelClass::unit)).contains(KernelUnit.MEMORY);
        assertThat(words.classify("fft::kernel").map(KernelClass::unit)).contains(KernelUnit.CUDA);
        assertThat(words.classify("fft::x::kernel").map(KernelClass::unit)).contains(KernelUnit.CUDA);
        assertThat(words.classify("x::kernel")).isEmpty();
    }

    private static String[] row(String unit, String words) {
        return new String[] {unit, "-", words, "a test"};
    }
}
