package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.tensor.BackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever opens a device shares one module, which is loaded and unloaded once. */
@Tag("cuda")
class CudaContextTest {
    private static final String KERNEL = "octet_simt_copy_b8";

    private final AtomicInteger loads = new AtomicInteger();
    private final Supplier<byte[]> image = () -> {
        loads.incrementAndGet();
        return CudaImage.OF_THIS_BUILD.bytes();
    };

    @RegisterExtension
    private final SimulatorPerTest simulator = new SimulatorPerTest();

    @Test
    @SuppressWarnings("try") // the second device is closed twice on purpose
    void open_deviceThatIsOpen_sharesItsModuleUntilTheLastCloses() {
        try (CudaDevice first = new CudaDevice(0, image)) {
            KernelFunction function;
            try (CudaDevice second = new CudaDevice(0, image)) {
                function = second.function(KERNEL);
                assertThat(first.function(KERNEL)).isSameAs(function);
                second.close();
            }
            assertThat(first.function("octet_simt_copy_b16")).isNotSameAs(function);
        }
        assertThat(loads).hasValue(1);
        try (CudaDevice later = new CudaDevice(0, image)) {
            assertThat(later.function(KERNEL).name()).isEqualTo(KERNEL);
        }
        assertThat(loads).as("after all were closed").hasValue(2);
        assertThat(simulator.get().leaks()).isEmpty();
    }

    @Test
    void open_otherDevice_hasAModuleOfItsOwn() {
        simulator.get().set("DEVICES", "2");
        try (CudaDevice first = new CudaDevice(0, image);
                CudaDevice second = new CudaDevice(1, image)) {
            assertThat(first.function(KERNEL)).isNotSameAs(second.function(KERNEL));
        }
        assertThat(loads).hasValue(2);
        assertThat(simulator.get().leaks()).isEmpty();
    }

    @Test
    void open_corruptImage_failsEachTimeAndLeavesTheDeviceUsable() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> new CudaDevice(0, () -> new byte[64]))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("loading the kernels on device 0: CUDA_ERROR_INVALID_IMAGE (200)");
        }
        try (CudaDevice device = new CudaDevice(0, image)) {
            assertThat(device.function(KERNEL).name()).isEqualTo(KERNEL);
        }
        assertThat(simulator.get().leaks()).isEmpty();
    }

    @Test
    void openAndClose_manyThreads_leaveNothing() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<String>> names = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                names.add(threads.submit(() -> {
                    try (CudaDevice device = new CudaDevice(0, image)) {
                        return device.function(KERNEL).name();
                    }
                }));
            }
            for (Future<String> name : names) {
                assertThat(name.get()).isEqualTo(KERNEL);
            }
        }
        assertThat(simulator.get().leaks()).isEmpty();
    }
}
