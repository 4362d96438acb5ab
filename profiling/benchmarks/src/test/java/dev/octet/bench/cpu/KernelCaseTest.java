package dev.octet.bench.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelCaseTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "qgemm 5x7x33",
                "fgemm 5x7x33",
                "qconv 9x11x3x17x3x2",
                "fconv 9x11x3x17x3x2",
                "qdepthwise 9x11x19x3x1",
                "fdepthwise 9x11x19x3x1",
                "softmax 5x33",
                "lookup 1001",
                "qadd 1001"
            })
    void prepared_eachKind_computesWhatJavaComputes(String name) {
        KernelCase kernelCase = KernelCase.of(name);

        try (PreparedKernel prepared = new PreparedKernel(kernelCase, 2)) {
            assertThat(prepared.run().elementCount()).isPositive();
        }
        assertThat(kernelCase.work()).isPositive();
    }

    @Test
    void of_convolution_countsBothOperationsOfEachProduct() {
        assertThat(KernelCase.of("qconv 10x11x3x7x3x2").work()).isEqualTo(2.0 * 5 * 6 * 7 * 3 * 9);
    }

    @Test
    void of_unknownName_isRefused() {
        assertThatThrownBy(() -> KernelCase.of("qgemm 5x7"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("qgemm 5x7");
    }
}
