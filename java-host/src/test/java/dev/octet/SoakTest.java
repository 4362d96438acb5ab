package dev.octet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.calib.CalibrationData;
import dev.octet.calib.SampleSource;
import dev.octet.graph.ValueInfo;
import dev.octet.runtime.DeviceChoice;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.BackendException;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import dev.octet.testing.SharedData;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models, shapes and devices in turn in one process, for {@code -Doctet.soak.minutes=N}: loaded, calibrated, quantized,
 * written, read, opened, run and closed. Heap, resident memory and threads must be as they were after a third of the time.
 */
class SoakTest {
    private static final long SEED = Long.getLong("octet.seed", 30);
    private static final int MEASUREMENTS = 30;

    /** What the Java heap may grow by: its own caches, such as compiled method handles, come and go. */
    private static final long HEAP_SLACK_BYTES = 16L << 20;

    /** What resident memory may grow by: allocators keep free pages, differently each time. */
    private static final long RESIDENT_SLACK_BYTES = 128L << 20;

    private static final List<String> MODELS =
            List.of("mlperf_kws_dscnn.onnx", "cifar10_resnet20.onnx", "squeezenet1.1_224.onnx");

    /** For other devices than the CPU: where there is no GPU, the simulated one takes minutes for the larger ones. */
    private static final String SMALL = MODELS.get(0);

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);

    /** What the process holds after all sessions are closed. */
    private record State(long heapBytes, long residentBytes, int threads) {
        static State now() throws IOException {
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            Runtime runtime = Runtime.getRuntime();
            long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst()
                    .orElseThrow();
            return new State(
                    runtime.totalMemory() - runtime.freeMemory(),
                    resident,
                    ManagementFactory.getThreadMXBean().getThreadCount());
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "heap %.1f MiB, resident %.1f MiB, %d threads",
                    heapBytes / 1048576.0,
                    residentBytes / 1048576.0,
                    threads);
        }
    }

    @Test
    void run_modelsShapesAndDevicesInTurn_holdsNothingMore() throws IOException {
        long minutes = Long.getLong("octet.soak.minutes", 0);
        Assumptions.assumeTrue(minutes > 0, "set -Doctet.soak.minutes=30 to run it");
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is known on Linux only");
        List<DeviceChoice> devices = devices();
        List<State> states = new ArrayList<>();
        long start = System.nanoTime();
        long step = TimeUnit.MINUTES.toNanos(minutes) / MEASUREMENTS;
        int rounds = 0;
        for (int i = 1; i <= MEASUREMENTS; i++) {
            while (System.nanoTime() - start < i * step) {
                DeviceChoice device = devices.get(rounds % devices.size());
                round(
                        device.equals(DeviceChoice.CPU) ? MODELS.get(rounds / devices.size() % MODELS.size()) : SMALL,
                        device);
                rounds++;
            }
            states.add(State.now());
            System.out.println("soak: " + rounds + " rounds, " + states.getLast());
        }

        State settled = largest(states.subList(MEASUREMENTS / 3, 2 * MEASUREMENTS / 3));
        State end = states.getLast();
        String seen = "seed " + SEED + ", " + rounds + " rounds on " + devices + ": " + states;
        assertThat(end.heapBytes).as(seen).isLessThan(settled.heapBytes + HEAP_SLACK_BYTES);
        assertThat(end.residentBytes).as(seen).isLessThan(settled.residentBytes + RESIDENT_SLACK_BYTES);
        assertThat(end.threads).as(seen).isLessThanOrEqualTo(settled.threads);
    }

    private static State largest(List<State> states) {
        return new State(
                states.stream().mapToLong(State::heapBytes).max().orElseThrow(),
                states.stream().mapToLong(State::residentBytes).max().orElseThrow(),
                states.stream().mapToInt(State::threads).max().orElseThrow());
    }

    private static List<DeviceChoice> devices() {
        List<DeviceChoice> devices = new ArrayList<>(List.of(DeviceChoice.CPU));
        DeviceChoice cuda = DeviceChoice.parse("cuda");
        try (Session session = Model.load(SharedData.data().resolve("models").resolve(MODELS.get(0)))
                .open(SessionOptions.defaults().withDevice(cuda))) {
            devices.add(cuda);
            assertThat(session.deviceReason()).contains("cuda");
        } catch (BackendException | ConfigException e) {
            System.out.println("soak: without CUDA: " + e.getMessage());
        }
        return devices;
    }

    private void round(String name, DeviceChoice device) throws IOException {
        Model model = Model.load(SharedData.data().resolve("models").resolve(name));
        Model used = random.nextInt(3) == 0 ? quantized(model) : model;
        SessionOptions options = SessionOptions.defaults().withDevice(device).withThreads(1 + random.nextInt(3));
        try (Session session = used.open(options)) {
            for (int run = 0; run < 3; run++) {
                int batch = 1 + random.nextInt(3);
                assertThat(session.run(inputs(used, batch))).isNotEmpty();
            }
        }
    }

    private Model quantized(Model model) throws IOException {
        ModelQuantizer quantizer = new ModelQuantizer(model, QuantizeOptions.DEFAULT);
        List<Map<String, Tensor>> samples = List.of(inputs(model, 1), inputs(model, 1));
        Path file = folder.resolve("quantized.onnx");
        quantizer
                .quantize(quantizer.calibrate(
                        source(samples), SessionOptions.defaults(), new CalibrationData.Origin("", "soak"), () -> {}))
                .save(file);
        return Model.load(file);
    }

    private static SampleSource source(List<Map<String, Tensor>> samples) {
        return new SampleSource() {
            @Override
            public int count() {
                return samples.size();
            }

            @Override
            public Map<String, Tensor> inputs(int index) {
                return samples.get(index);
            }
        };
    }

    /** Noise; a symbolic extent is {@code batch}. */
    private Map<String, Tensor> inputs(Model model, int batch) {
        Map<String, Tensor> inputs = new HashMap<>();
        for (ValueInfo input : model.inputs()) {
            Tensor tensor = Tensor.allocate(DType.F32, input.withSymbols(batch).orElseThrow());
            for (long i = 0; i < tensor.elementCount(); i++) {
                tensor.setFloat(i, (float) random.nextGaussian());
            }
            inputs.put(input.name(), tensor);
        }
        return inputs;
    }
}
