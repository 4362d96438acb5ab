package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.tensor.ConfigException;
import org.junit.jupiter.api.Test;

class CpuBackendTest {
    @Test
    void withKernels_java_saysSo() {
        assertThat(new CpuBackend().withKernels("java").describe()).isEqualTo("Java kernels: asked for");
    }

    @Test
    void withKernels_unknown_isRefusedWithTheChoices() {
        assertThatThrownBy(() -> new CpuBackend().withKernels("sse"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "CPU kernels \"sse\" are unknown; use one of auto, java, generic, avx2, avxvnni, avx512vnni,"
                                + " neondot");
    }

    @Test
    void describe_auto_namesTheKernels() {
        assertThat(new CpuBackend().describe()).matches("(native|Java) kernels: .+");
    }
}
