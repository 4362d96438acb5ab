package dev.octet.runtime;

import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program that runs on a device. Where all its steps do, the whole run is recorded once and repeated; steps that only
 * the host can compute interrupt it.
 */
final class DeviceProgram implements Program {
    private final Plan plan;
    private final Content content;
    private final Arena arena;
    private final List<DeviceFrame> idle = new ArrayList<>();

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

    /** What a frame needs. */
    record Memory(Device device, long deviceBytes, long stagingBytes, MemoryBudget budget) {
        long frameBytes() {
            return Math.addExact(deviceBytes, stagingBytes);
        }
    }

    DeviceProgram(Plan plan, Content content, Arena arena) {
        this.plan = plan;
        this.content = content;
        this.arena = arena;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public void run(Map<String, Tensor> inputs, Workers workers, Observers observers) {
        DeviceFrame frame = takeFrame();
        boolean usable = false;
        try {
            frame.run(inputs, workers, observers.listener());
            content.outputs.forEach(output -> observers.sink().accept(output.name(), frame.host(output.number())));
            usable = true;
        } finally {
            putBack(frame, usable);
        }
    }

    private DeviceFrame takeFrame() {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.removeLast();
            }
        }
        Memory memory = content.memory;
        memory.budget.reserve("a run", memory.frameBytes());
        try {
            return new DeviceFrame(content);
        } catch (RuntimeException | Error e) {
            memory.budget.release(memory.frameBytes());
            throw e;
        }
    }

    /** A frame in which something failed may have work under way that nobody waited for: it is not used again. */
    private void putBack(DeviceFrame frame, boolean usable) {
        if (!usable) {
            frame.close();
            content.memory.budget.release(content.memory.frameBytes());
            return;
        }
        frame.reset();
        synchronized (idle) {
            idle.add(frame);
        }
    }

    @Override
    public void dropIdle() {
        synchronized (idle) {
            idle.forEach(DeviceFrame::close);
            content.memory.budget.release(idle.size() * content.memory.frameBytes());
            idle.clear();
        }
    }

    @Override
    public void close() {
        dropIdle();
        arena.close();
    }
}
