package dev.octet.bench.gpu;

import dev.octet.graph.Graph;
import dev.octet.runtime.DeviceChoice;
import dev.octet.runtime.PlanStep;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.runtime.StepListener;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The device's time of the one step of a graph, through a session as users run it. */
final class StepTimes implements StepListener {
    private static final int WARM_UPS = 3;
    private static final int ROUNDS = 31;

    private final List<Double> nanos = new ArrayList<>();
    private String kernel = "";

    /** What computed the step, and how long that took. */
    record Measured(String kernel, DeviceClock.Timing timing) {}

    private StepTimes() {}

    @Override
    public void ran(PlanStep step, long elapsedNanos) {
        kernel = step.kernel();
        nanos.add((double) elapsedNanos);
    }

    static Measured of(Graph graph, Map<String, Tensor> inputs) {
        StepTimes times = new StepTimes();
        SessionOptions options =
                SessionOptions.defaults().withDevice(new DeviceChoice.Cuda(0)).withListener(times);
        try (Session session = Session.open(graph, options)) {
            for (int round = -WARM_UPS; round < ROUNDS; round++) {
                session.run(inputs, (_, _) -> {});
            }
        }
        double[] measured = times.nanos.stream()
                .skip(WARM_UPS)
                .mapToDouble(Double::doubleValue)
                .toArray();
        if (measured.length != ROUNDS) {
            throw new IllegalStateException("the graph ran as " + measured.length + " steps, not " + ROUNDS);
        }
        return new Measured(times.kernel, DeviceClock.Timing.of(measured));
    }
}
