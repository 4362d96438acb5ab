package dev.octet.runtime;

import dev.octet.tensor.BackendException;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The memory of one run on a device: a lane, and each value's tensor in staging memory and on the device. */
final class DeviceFrame implements RunMemory {
    private final DeviceProgram.Content content;
    private final Lane lane;
    private final Frame host;
    private final Frame device;
    private final boolean onlyDevice;

    DeviceFrame(DeviceProgram.Content content) {
        this.content = content;
        DeviceProgram.Memory memory = content.memory();
        this.lane = memory.device().openLane(memory.deviceBytes(), memory.stagingBytes());
        this.host = new Frame(content.hostBindings(), lane.staging(), content.steps(), memory.budget());
        this.device = new Frame(content.deviceBindings(), lane.memory(), content.steps(), memory.budget());
        this.onlyDevice = content.steps().stream().allMatch(DeviceStep.class::isInstance);
    }

    /** Takes the inputs over and, where the device computes all steps, enqueues the run. */
    void start(Map<String, Tensor> inputs, Workers workers, Optional<StepListener> listener) {
        content.inputs().forEach((name, number) -> {
            Tensor given = inputs.get(name);
            if (given != null) {
                host.value(number).copyFrom(given);
            }
        });
        if (onlyDevice && listener.isEmpty()) {
            lane.repeat(() -> enqueue(workers, listener));
        } else if (onlyDevice) {
            enqueue(workers, listener);
        }
    }

    /** Computes what {@link #start} left and waits; the outputs are then in host memory. */
    void finish(Workers workers, Optional<StepListener> listener) {
        if (!onlyDevice) {
            enqueue(workers, listener);
        }
        lane.finish();
        listener.ifPresent(this::report);
    }

    /** Waits for what {@link #start} enqueued. */
    void abandon() {
        lane.finish();
    }

    private void enqueue(Workers workers, Optional<StepListener> listener) {
        transfer(0);
        List<Step> steps = content.steps();
        for (int i = 0; i < steps.size(); i++) {
            switch (steps.get(i)) {
                case DeviceStep step -> enqueue(step, listener.isPresent());
                case HostStep step -> {
                    lane.finish();
                    HostProgram.runStep(step, host, workers, listener);
                }
            }
            transfer(i + 1);
        }
    }

    private void enqueue(DeviceStep step, boolean timed) {
        lane.openRange(step.node().name());
        try {
            if (timed) {
                lane.mark(2 * step.index());
            }
            KernelArgs args = device.staticArgs(step.index());
            if (Kernels.computes(args)) {
                step.kernel().enqueue(args, lane);
            }
            if (timed) {
                lane.mark(2 * step.index() + 1);
            }
        } catch (BackendException e) {
            throw e.at(step.node().describe());
        } finally {
            lane.closeRange();
        }
    }

    private void transfer(int place) {
        for (Sides.Transfer transfer : content.transfers().get(place)) {
            Tensor staged = host.value(transfer.value());
            Tensor onDevice = device.value(transfer.value());
            if (transfer.toDevice()) {
                lane.upload(staged.data(), onDevice.data());
            } else {
                lane.download(onDevice.data(), staged.data());
            }
        }
    }

    private void report(StepListener listener) {
        for (Step step : content.steps()) {
            if (step instanceof DeviceStep timed) {
                int mark = 2 * timed.index();
                listener.ran(step.info(), lane.elapsedNanos(mark, mark + 1));
            }
        }
    }

    /** A value that has a place in host memory. */
    Tensor host(int number) {
        return host.value(number);
    }

    /** Frees what the last run allocated for values of data-dependent shape. */
    @Override
    public void reset() {
        host.reset();
    }

    @Override
    public void close() {
        host.close();
        device.close();
        lane.close();
    }
}
