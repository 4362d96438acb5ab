package dev.octet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.tensor.BackendException;
import dev.octet.tensor.ConfigException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendsTest {
    private record Fake(String name, Optional<String> unavailable) implements Backend {
        @Override
        public Optional<KernelFactory> kernel(KernelSpec spec) {
            return Optional.empty();
        }
    }

    private static final Backend CPU = new Fake("cpu", Optional.empty());
    private static final Backend BROKEN = new Fake("cuda", Optional.of("the driver is missing"));

    @Test
    void find_classPath_hasTheCpu() {
        assertThat(Backends.find().select(DeviceChoice.CPU).backend().name()).isEqualTo("cpu");
    }

    @Test
    void select_autoWithBrokenCuda_takesCpuAndSaysWhy() {
        Backends.Selection selection = new Backends(List.of(CPU, BROKEN)).select(DeviceChoice.AUTO);

        assertThat(selection.backend()).isEqualTo(CPU);
        assertThat(selection.reason()).isEqualTo("cpu: no cuda: the driver is missing");
    }

    @Test
    void select_autoWithCuda_takesIt() {
        Backend cuda = new Fake("cuda", Optional.empty());

        assertThat(new Backends(List.of(CPU, cuda)).select(DeviceChoice.AUTO).backend())
                .isEqualTo(cuda);
    }

    @Test
    void select_brokenDevice_isRefused() {
        Backends backends = new Backends(List.of(CPU, BROKEN));

        assertThatThrownBy(() -> backends.select(DeviceChoice.parse("cuda:1")))
                .isInstanceOf(BackendException.class)
                .hasMessage("device cuda does not work: the driver is missing");
    }

    @Test
    void parse_knownNames_areRead() {
        assertThat(DeviceChoice.parse("auto")).isEqualTo(DeviceChoice.AUTO);
        assertThat(DeviceChoice.parse("cuda")).isEqualTo(new DeviceChoice.Cuda(0));
        assertThat(DeviceChoice.parse("cuda:12")).isEqualTo(new DeviceChoice.Cuda(12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:99999999999"})
    void parse_otherNames_areRefused(String text) {
        assertThatThrownBy(() -> DeviceChoice.parse(text)).isInstanceOf(ConfigException.class);
    }
}
