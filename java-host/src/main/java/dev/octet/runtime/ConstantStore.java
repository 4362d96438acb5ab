package dev.octet.runtime;

import dev.octet.graph.Graph;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;

/**
 * Native copies of a graph's constants and copies on a device, each made when the first plan needs it, and what kernels
 * made of them. Thread-safe; owns its memory.
 */
final class ConstantStore implements AutoCloseable {
    private final Graph graph;
    private final Arena arena = Arena.ofShared();
    private final Map<String, Tensor> copies = new HashMap<>();
    private final Map<String, Tensor> deviceCopies = new HashMap<>();
    private final Arena made;
    private final SharedWeights weights;
    private final SharedWeights deviceWeights;

    /** @param budget what kernels make of constants counts against it; the constants themselves do already */
    ConstantStore(Graph graph, MemoryBudget budget) {
        this.graph = graph;
        this.made = new BudgetedArena(budget);
        this.weights = new SharedWeights(made);
        this.deviceWeights = new SharedWeights(made);
    }

    boolean has(String value) {
        return graph.isConstant(value);
    }

    /** The constant in native memory, valid until {@link #close}. */
    synchronized Tensor get(String value) {
        return copies.computeIfAbsent(
                value, name -> Kernels.nativeCopy(graph.constant(name).orElseThrow(), arena));
    }

    /** The constant in the memory of the session's device, valid until {@link #close}. */
    synchronized Tensor get(String value, Device device) {
        return deviceCopies.computeIfAbsent(value, name -> {
            Tensor constant = graph.constant(name).orElseThrow();
            return Tensor.wrap(constant.dtype(), constant.shape(), device.upload(constant.data(), arena));
        });
    }

    SharedWeights weights() {
        return weights;
    }

    /** What a device's kernels made of constants. */
    SharedWeights deviceWeights() {
        return deviceWeights;
    }

    @Override
    public void close() {
        made.close();
        arena.close();
    }
}
