package dev.octet.runtime;

import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program that runs on a device. Where all its steps do, the whole run is recorded once and repeated; steps that only
 * the host can compute interrupt it.
 */
final class DeviceProgram implements Program {
    private final Plan plan;
    private final Content content;
    private final Arena arena;
    private final FramePool<DeviceFrame> frames;

    /**
     * What the compiler found out.
     *
     * @param hostBindings by value number: where the value is in staging memory
     * @param deviceBindings by value number: where it is on the device
     * @param inputs value number of each graph input that a step reads or that is an output
     */
    record Content(
            List<Binding> hostBindings,
            List<Binding> deviceBindings,
            List<Step> steps,
            List<List<Sides.Transfer>> transfers,
            Map<String, Integer> inputs,
            List<Output> outputs,
            Memory memory) {}

    /** What a frame needs; the device counts its own memory. */
    record Memory(Device device, long deviceBytes, long stagingBytes, RunBudget budget) {}

    DeviceProgram(Plan plan, Content content, Arena arena) {
        this.plan = plan;
        this.content = content;
        this.arena = arena;
        Memory memory = content.memory;
        this.frames = new FramePool<>(memory.budget.memory(), memory.stagingBytes, () -> new DeviceFrame(content));
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public long outputBytes() {
        return Binding.placedBytes(content.hostBindings, content.outputs.stream());
    }

    @Override
    public void run(Map<String, Tensor> inputs, Workers workers, Observers observers) {
        start(inputs, workers, observers.listener()).finish(observers.sink());
    }

    @Override
    public Started start(Map<String, Tensor> inputs, Workers workers, Optional<StepListener> listener) {
        DeviceFrame frame = frames.take();
        try {
            frame.start(inputs, workers, listener);
        } catch (RuntimeException | Error e) {
            frames.discard(frame);
            throw e;
        }
        return new Started() {
            @Override
            public void finish(OutputSink sink) {
                end(frame, () -> {
                    frame.finish(workers, listener);
                    content.outputs.forEach(output -> sink.accept(output.name(), frame.host(output.number())));
                });
            }

            @Override
            public void abandon() {
                end(frame, frame::abandon);
            }
        };
    }

    /** A frame in which something failed may have work under way that nobody waited for: it is not used again. */
    private void end(DeviceFrame frame, Runnable last) {
        try {
            last.run();
        } catch (RuntimeException | Error e) {
            frames.discard(frame);
            throw e;
        }
        frames.putBack(frame);
    }

    @Override
    public void dropIdle() {
        frames.dropIdle();
    }

    @Override
    public void close() {
        dropIdle();
        arena.close();
    }
}
