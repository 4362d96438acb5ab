package dev.octet.runtime;

import dev.octet.graph.ModelException;
import dev.octet.tensor.OctetException;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plan that can run. Thread-safe; concurrent runs have a frame each. Owns packed weights and frames. */
final class Program implements AutoCloseable {
    private final Plan plan;
    private final Content content;
    private final Arena arena;
    private final MemoryBudget budget;
    private final List<Frame> idle = new ArrayList<>();

    /**
     * What the compiler found out.
     *
     * @param bindings by value number
     * @param inputs value number of each graph input that a step reads or that is an output
     * @param outputsByStep for each step the graph outputs it computes; one more entry in front for those there
     *     beforehand
     */
    record Content(
            List<Binding> bindings, List<Step> steps, Map<String, Integer> inputs, List<List<Output>> outputsByStep) {}

    /** A graph output and the number of its value. */
    record Output(String name, int number) {}

    /** Whom a run reports to. */
    record Observers(OutputSink sink, Optional<StepListener> listener) {}

    Program(Plan plan, Content content, Arena arena, MemoryBudget budget) {
        this.plan = plan;
        this.content = content;
        this.arena = arena;
        this.budget = budget;
    }

    Plan plan() {
        return plan;
    }

    /** Runs once. Inputs have been checked. */
    void run(Map<String, Tensor> inputs, Workers workers, Observers observers) {
        Frame frame = takeFrame();
        try {
            content.inputs.forEach((name, number) -> {
                Tensor given = inputs.get(name);
                if (given != null) {
                    frame.value(number).copyFrom(given);
                }
            });
            deliver(frame, 0, observers.sink);
            for (int i = 0; i < content.steps.size(); i++) {
                runStep(content.steps.get(i), frame, workers, observers.listener);
                deliver(frame, i + 1, observers.sink);
            }
        } finally {
            frame.reset();
            putBack(frame);
        }
    }

    private void deliver(Frame frame, int place, OutputSink sink) {
        for (Output output : content.outputsByStep.get(place)) {
            sink.accept(output.name, frame.value(output.number));
        }
    }

    private static void runStep(Step step, Frame frame, Workers workers, Optional<StepListener> listener) {
        try {
            if (listener.isEmpty()) {
                step.run(frame, workers);
                return;
            }
            long start = System.nanoTime();
            step.run(frame, workers);
            listener.get().ran(step.info(), System.nanoTime() - start);
        } catch (ModelException e) {
            throw Kernels.placed(step.node(), e);
        } catch (OctetException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    step.node().describe() + ", kernel " + step.info().kernel() + ": " + e, e);
        }
    }

    private Frame takeFrame() {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.removeLast();
            }
        }
        return new Frame(content.bindings, plan.arenaBytes(), content.steps, budget);
    }

    private void putBack(Frame frame) {
        synchronized (idle) {
            idle.add(frame);
        }
    }

    /** Frees everything; no run may be going on. */
    @Override
    public void close() {
        synchronized (idle) {
            idle.forEach(Frame::close);
            idle.clear();
        }
        arena.close();
    }
}
