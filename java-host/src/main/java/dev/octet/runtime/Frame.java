package dev.octet.runtime;

import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.TensorType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The memory of one run: every value's tensor by its number. Used by one run at a time and then by the next; values of
 * data-dependent shape live in an arena that {@link #reset} closes.
 */
final class Frame implements RunMemory {
    private final Arena arena;
    private final List<Optional<Tensor>> values = new ArrayList<>();
    private final List<? extends Step> steps;
    private final List<KernelArgs> ownArgs;
    private final KernelArgs[] staticArgs;
    private final List<BoundKernel> ownBound;
    private final BoundKernel[] bound;
    private final Map<Integer, Tensor> ownOfLent = new HashMap<>();
    private final boolean[] atRunTime;
    private final RunBudget budget;
    private Optional<Arena> runArena = Optional.empty();
    private long runBytes;
    private double operations;

    /** A frame with memory of its own. */
    Frame(List<Binding> bindings, long sizeBytes, List<? extends Step> steps, RunBudget budget) {
        Arena own = Arena.ofShared();
        this(own, bindings, own.allocate(Math.max(1, sizeBytes), Tensor.ALIGNMENT_BYTES), steps, budget);
    }

    /** A frame in memory that belongs to the caller. */
    Frame(List<Binding> bindings, MemorySegment memory, List<? extends Step> steps, RunBudget budget) {
        this(Arena.ofShared(), bindings, memory, steps, budget);
    }

    private Frame(
            Arena arena, List<Binding> bindings, MemorySegment memory, List<? extends Step> steps, RunBudget budget) {
        this.arena = arena;
        this.budget = budget;
        this.operations = budget.operations();
        this.atRunTime = new boolean[bindings.size()];
        for (int i = 0; i < bindings.size(); i++) {
            atRunTime[i] = bindings.get(i) instanceof Binding.AtRunTime;
            values.add(
                    switch (bindings.get(i)) {
                        case Binding.Constant(Tensor tensor) -> Optional.of(tensor);
                        case Binding.Placed(TensorType type, long offset) ->
                            Optional.of(
                                    Tensor.wrap(type.dtype(), type.shape(), memory.asSlice(offset, type.sizeBytes())));
                        case Binding.AtRunTime() -> Optional.empty();
                    });
        }
        this.steps = List.copyOf(steps);
        this.ownArgs = this.steps.stream().map(this::args).toList();
        this.staticArgs = ownArgs.toArray(KernelArgs[]::new);
        this.ownBound =
                IntStream.range(0, staticArgs.length).mapToObj(this::bind).toList();
        this.bound = ownBound.toArray(BoundKernel[]::new);
    }

    private KernelArgs args(Step step) {
        return new KernelArgs(tensors(step.inputs()), tensors(step.outputs()));
    }

    private BoundKernel bind(int step) {
        return steps.get(step) instanceof StaticStep known
                ? Kernels.bind(known.kernel(), staticArgs[step])
                : _ -> {
                    throw new IllegalStateException("a step that is no kernel over known tensors");
                };
    }

    /**
     * Puts a caller's tensor in place of a value's own memory until {@link #reset}.
     *
     * @param readers the steps that read the value
     */
    void lend(int number, Tensor tensor, int[] readers) {
        ownOfLent.put(number, value(number));
        set(number, tensor);
        for (int step : readers) {
            staticArgs[step] = args(steps.get(step));
            bound[step] = bind(step);
        }
    }

    private void takeBackOwn() {
        ownOfLent.forEach(this::set);
        ownOfLent.clear();
        for (int step = 0; step < staticArgs.length; step++) {
            staticArgs[step] = ownArgs.get(step);
            bound[step] = ownBound.get(step);
        }
    }

    Tensor value(int number) {
        return values.get(number).orElseThrow();
    }

    void set(int number, Tensor tensor) {
        values.set(number, Optional.of(tensor));
    }

    /** The tensors with these numbers; a negative number stands for an absent one. */
    List<Optional<Tensor>> tensors(int[] numbers) {
        List<Optional<Tensor>> tensors = new ArrayList<>(numbers.length);
        for (int number : numbers) {
            tensors.add(number < 0 ? Optional.empty() : values.get(number));
        }
        return tensors;
    }

    /** The arguments of a step none of whose values is allocated at run time. */
    KernelArgs staticArgs(int step) {
        return staticArgs[step];
    }

    /** The kernel of such a step over its arguments. */
    BoundKernel bound(int step) {
        return bound[step];
    }

    /** Memory that lives until the run ends. */
    Arena runArena() {
        if (runArena.isEmpty()) {
            runArena = Optional.of(Arena.ofShared());
        }
        return runArena.get();
    }

    /**
     * Refuses a step before its kernel is prepared, or counts what it takes.
     *
     * @throws ModelException if an output is over the memory limit, or the run over the limit of its work
     */
    void admit(Node node, List<TensorType> outputs, double stepOperations) {
        budget.memory().check(node, outputs);
        operations += stepOperations;
        budget.compute().check(node.describe() + ": the run up to here", operations);
    }

    /**
     * Allocates an output of data-dependent shape until the run ends.
     *
     * @throws ModelException if the session's runs then hold more than the limit
     */
    Tensor allocate(Node node, TensorType type) {
        budget.memory().reserve(node.describe() + ": the run", type.sizeBytes());
        runBytes += type.sizeBytes();
        return Tensor.allocate(type.dtype(), type.shape(), runArena());
    }

    /** Frees what the last run allocated, and forgets what was lent. */
    @Override
    public void reset() {
        if (!ownOfLent.isEmpty()) {
            takeBackOwn();
        }
        for (int i = 0; i < atRunTime.length; i++) {
            if (atRunTime[i]) {
                values.set(i, Optional.empty());
            }
        }
        runArena.ifPresent(Arena::close);
        runArena = Optional.empty();
        budget.memory().release(runBytes);
        runBytes = 0;
        operations = budget.operations();
    }

    @Override
    public void close() {
        reset();
        arena.close();
    }
}
