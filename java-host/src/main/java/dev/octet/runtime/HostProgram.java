package dev.octet.runtime;

import dev.octet.graph.ModelException;
import dev.octet.tensor.OctetException;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A program that runs in host memory. */
final class HostProgram implements Program {
    private final Plan plan;
    private final Content content;
    private final Arena arena;
    private final FramePool<Frame> frames;

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

    HostProgram(Plan plan, Content content, Arena arena, RunBudget budget) {
        this.plan = plan;
        this.content = content;
        this.arena = arena;
        this.frames = new FramePool<>(
                budget.memory(),
                plan.arenaBytes(),
                () -> new Frame(content.bindings, plan.arenaBytes(), content.steps, budget));
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public long outputBytes() {
        return Binding.placedBytes(
                content.bindings, content.outputsByStep.stream().flatMap(List::stream));
    }

    @Override
    public void run(Map<String, Tensor> inputs, Workers workers, Observers observers) {
        Frame frame = frames.take();
        try {
            giveInputs(inputs, (input, given) -> take(frame, input, given));
            compute(frame, workers, observers);
        } finally {
            frames.putBack(frame);
        }
    }

    @Override
    public Started start(Map<String, Tensor> inputs, Workers workers, Optional<StepListener> listener) {
        Frame frame = frames.take();
        try {
            giveInputs(inputs, (input, given) -> frame.value(input.number).copyFrom(given));
        } catch (RuntimeException | Error e) {
            frames.putBack(frame);
            throw e;
        }
        return new Started() {
            @Override
            public void finish(OutputSink sink) {
                try {
                    compute(frame, workers, new Observers(sink, listener));
                } finally {
                    frames.putBack(frame);
                }
            }

            @Override
            public void abandon() {
                frames.putBack(frame);
            }
        };
    }

    private void giveInputs(Map<String, Tensor> inputs, BiConsumer<Input, Tensor> give) {
        content.inputs.forEach((name, input) -> {
            Tensor given = inputs.get(name);
            if (given != null) {
                give.accept(input, given);
            }
        });
    }

    private void compute(Frame frame, Workers workers, Observers observers) {
        deliver(frame, 0, observers.sink());
        for (int i = 0; i < content.steps.size(); i++) {
            runStep(content.steps.get(i), frame, workers, observers.listener());
            deliver(frame, i + 1, observers.sink());
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
