package dev.octet.runtime;

import dev.octet.graph.ModelException;
import dev.octet.tensor.OctetException;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program that runs in host memory. */
final class HostProgram implements Program {
    private final Plan plan;
    private final Content content;
    private final Arena arena;
    private final MemoryBudget budget;
    private final List<Frame> idle = new ArrayList<>();

    /**
     * What the compiler found out.
     *
     * @param bindings by value number
     * @param inputs each graph input that a step reads or that is an output
     * @param outputsByStep for each step the graph outputs it computes; one more entry in front for those there
     *     beforehand
     */
    record Content(
            List<Binding> bindings,
            List<HostStep> steps,
            Map<String, Input> inputs,
            List<List<Output>> outputsByStep) {}

    /**
     * A graph input.
     *
     * @param number of its value
     * @param readers the steps that read it where the caller has it, if they can; none if it is copied
     */
    record Input(int number, int[] readers) {}

    /** Stands for any thread but the caller's. */
    private static final Thread ANOTHER_THREAD = Thread.ofPlatform().unstarted(() -> {});

    HostProgram(Plan plan, Content content, Arena arena, MemoryBudget budget) {
        this.plan = plan;
        this.content = content;
        this.arena = arena;
        this.budget = budget;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public void run(Map<String, Tensor> inputs, Workers workers, Observers observers) {
        Frame frame = takeFrame();
        try {
            content.inputs.forEach((name, input) -> {
                Tensor given = inputs.get(name);
                if (given != null) {
                    take(frame, input, given);
                }
            });
            deliver(frame, 0, observers.sink());
            for (int i = 0; i < content.steps.size(); i++) {
                runStep(content.steps.get(i), frame, workers, observers.listener());
                deliver(frame, i + 1, observers.sink());
            }
        } finally {
            frame.reset();
            putBack(frame);
        }
    }

    /** Reads an input where it is if that is memory such as the frame's own, else copies it. */
    private static void take(Frame frame, Input input, Tensor given) {
        MemorySegment data = given.data();
        boolean inPlace = input.readers.length > 0
                && data.isNative()
                && data.address() % Tensor.ALIGNMENT_BYTES == 0
                && data.isAccessibleBy(ANOTHER_THREAD);
        if (inPlace) {
            frame.lend(input.number, given, input.readers);
        } else {
            frame.value(input.number).copyFrom(given);
        }
    }

    private void deliver(Frame frame, int place, OutputSink sink) {
        List<Output> outputs = content.outputsByStep.get(place);
        for (int i = 0; i < outputs.size(); i++) {
            Output output = outputs.get(i);
            sink.accept(output.name(), frame.value(output.number()));
        }
    }

    static void runStep(HostStep step, Frame frame, Workers workers, Optional<StepListener> listener) {
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
        } catch (ArithmeticException e) {
            throw Kernels.overflow(step.node(), e) instanceof ModelException limit ? limit : bug(step, e);
        } catch (RuntimeException e) {
            throw bug(step, e);
        }
    }

    private static IllegalStateException bug(HostStep step, RuntimeException e) {
        return new IllegalStateException(
                step.node().describe() + ", kernel " + step.info().kernel() + ": " + e, e);
    }

    private Frame takeFrame() {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.removeLast();
            }
        }
        budget.reserve("a run", plan.arenaBytes());
        try {
            return new Frame(content.bindings, plan.arenaBytes(), content.steps, budget);
        } catch (RuntimeException | Error e) {
            budget.release(plan.arenaBytes());
            throw e;
        }
    }

    private void putBack(Frame frame) {
        synchronized (idle) {
            idle.add(frame);
        }
    }

    @Override
    public void dropIdle() {
        synchronized (idle) {
            idle.forEach(Frame::close);
            budget.release(idle.size() * plan.arenaBytes());
            idle.clear();
        }
    }

    @Override
    public void close() {
        dropIdle();
        arena.close();
    }
}
