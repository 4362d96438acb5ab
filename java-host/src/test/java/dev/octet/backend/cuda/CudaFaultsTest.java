package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.runtime.Backends;
import dev.octet.runtime.DeviceChoice;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.BackendException;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every allocation, launch, copy and call of a small model's life fails once: a clear fault, no leak, no crash. */
@Tag("cuda")
class CudaFaultsTest {
    private static final int MORE_THAN_ENOUGH = 400;
    private static final Tensor X = TestTensors.uniform(DType.F32, Shape.of(3, 5), 4, 11);

    @RegisterExtension
    private final SimulatorPerTest simulator = new SimulatorPerTest();

    private static SessionOptions on(String device) {
        return SessionOptions.defaults().withThreads(1).withDevice(DeviceChoice.parse(device));
    }

    /** To 8 bits and back, twice. */
    private static Graph graph() {
        List<Node> nodes = List.of(
                new Node("q1", QuantizeLinear.along(1), List.of("x", "scale", "zero"), List.of("a")),
                new Node("d1", DequantizeLinear.along(1), List.of("a", "scale", "zero"), List.of("b")),
                new Node("q2", QuantizeLinear.along(1), List.of("b", "wide", "zero"), List.of("c")),
                new Node("d2", DequantizeLinear.along(1), List.of("c", "wide", "zero"), List.of("y")));
        Map<String, Tensor> constants = Map.of(
                "scale", Tensor.scalar(0.125f), "wide", Tensor.scalar(0.25f), "zero", Tensor.scalar(DType.S8, 3));
        ValueInfo input = new ValueInfo("x", DType.F32, Optional.of(List.of(new Dim.Symbol("n"), new Dim.Known(5))));
        ValueInfo output = new ValueInfo("y", DType.F32, Optional.empty());
        return new Graph("test", List.of(input), List.of(output), nodes, constants);
    }

    private static Tensor run(String device) {
        try (Session session = Session.open(graph(), on(device))) {
            for (int i = 0; i < 3; i++) {
                session.run(Map.of("x", X));
            }
            return output(session);
        }
    }

    private static Tensor output(Session session) {
        return Optional.ofNullable(session.run(Map.of("x", X)).get("y")).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FAIL_ALLOCATION", "FAIL_LAUNCH", "FAIL_COPY", "LOST_AT"})
    void run_nthEventFails_endsInABackendExceptionWithoutLeak(String setting) {
        Tensor expected = run("cpu");
        int failed = 0;
        boolean passed = false;
        for (int n = 1; n < MORE_THAN_ENOUGH && !passed; n++) {
            simulator.get().set(setting, Integer.toString(n));
            try {
                assertThat(run("cuda").contentEquals(expected)).isTrue();
                passed = true;
            } catch (BackendException e) {
                assertThat(e.getMessage())
                        .as("%s=%d", setting, n)
                        .doesNotContain("\n")
                        .isNotBlank();
                if (!e.getMessage().contains(" does not work: ")) {
                    assertThat(e.code())
                            .as("%s=%d: %s", setting, n, e.getMessage())
                            .isPositive();
                }
                failed++;
            }
            simulator.get().heal();
            assertThat(simulator.get().leaks()).as("%s=%d", setting, n).isEmpty();
        }

        assertThat(passed).as("a run without a fault in it").isTrue();
        assertThat(failed).as("runs that failed").isPositive();
        assertThat(run("cuda").contentEquals(expected)).isTrue();
        assertThat(simulator.get().violations()).isEmpty();
    }

    @Test
    void run_outOfMemory_saysHowMuchWasAskedAndIsFree() {
        simulator.get().set("FAIL_ALLOCATION", "1+");

        assertThatThrownBy(() -> run("cuda"))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("allocating")
                .hasMessageContaining("bytes on cuda:0")
                .hasMessageContaining("CUDA_ERROR_OUT_OF_MEMORY")
                .hasMessageContaining("bytes are free");
    }

    @Test
    void run_afterAFailedLaunch_aNewSessionWorks() {
        simulator.get().set("FAIL_LAUNCH", "2");

        try (Session session = Session.open(graph(), on("cuda"))) {
            assertThatThrownBy(() -> output(session)).isInstanceOf(BackendException.class);
            assertThatThrownBy(() -> output(session)).isInstanceOf(BackendException.class);
        }
        assertThat(run("cuda").contentEquals(run("cpu"))).isTrue();
    }

    @Test
    void open_noDevice_failsAndAutoFallsBack() {
        simulator.get().set("DEVICES", "0");

        assertThatThrownBy(() -> run("cuda"))
                .isInstanceOf(BackendException.class)
                .hasMessageStartingWith("device cuda does not work: ");
        assertThat(Backends.find().select(DeviceChoice.AUTO).reason()).startsWith("cpu: no cuda: ");
        assertThat(run("auto").contentEquals(run("cpu"))).isTrue();
    }

    @Test
    void open_driverTooOld_failsAndAutoFallsBack() {
        simulator.get().set("INIT", "803");

        assertThatThrownBy(() -> run("cuda"))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("CUDA_ERROR_SYSTEM_DRIVER_MISMATCH");
        assertThat(run("auto").contentEquals(run("cpu"))).isTrue();
    }

    @Test
    void open_contextCannotBeMade_autoFallsBackWithTheReason() {
        simulator.get().set("FAIL_ALLOCATION", "1+");

        try (Session session = Session.open(graph(), on("auto"))) {
            assertThat(session.deviceReason()).startsWith("cuda");
        }
    }

    @Test
    void open_secondDevice_isUsedAndAThirdRefused() {
        simulator.get().set("DEVICES", "2");

        assertThat(run("cuda:1").contentEquals(run("cpu"))).isTrue();
        assertThatThrownBy(() -> run("cuda:2"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("there is no device cuda:2; this machine has 2");
        assertThat(simulator.get().leaks()).isEmpty();
    }

    @Test
    void run_manyThreadsAndSessions_agree() throws Exception {
        Tensor expected = run("cpu");
        try (Session first = Session.open(graph(), on("cuda"));
                Session second = Session.open(graph(), on("cuda"));
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Tensor>> runs = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Session session = i % 2 == 0 ? first : second;
                runs.add(threads.submit(() -> output(session)));
            }
            for (Future<Tensor> run : runs) {
                assertThat(run.get().contentEquals(expected)).isTrue();
            }
        }
        assertThat(simulator.get().leaks()).isEmpty();
        assertThat(simulator.get().violations()).isEmpty();
    }

    @Test
    void run_listener_hearsEveryStep() {
        List<String> steps = new ArrayList<>();
        SessionOptions options = on("cuda").withListener((step, nanos) -> steps.add(step.node() + (nanos >= 0)));

        try (Session session = Session.open(graph(), options)) {
            assertThat(output(session).contentEquals(run("cpu"))).isTrue();
        }
        assertThat(steps).containsExactly("q1true", "d1true", "q2true", "d2true");
    }
}
