package dev.octet.runtime;

import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.tensor.Tensor;
import java.lang.foreign.SegmentAllocator;

/** What choosing and running kernels has in common everywhere. */
final class Kernels {
    private Kernels() {}

    /**
     * The backend's kernel for a node.
     *
     * @throws ModelException if it has none
     */
    static KernelFactory choose(Backend backend, KernelSpec spec) {
        return backend.kernel(spec).orElseThrow(() -> {
            String inputs = java.util.stream.IntStream.range(0, spec.inputs().count())
                    .filter(spec.inputs()::has)
                    .mapToObj(i -> spec.inputs().type(i).toString())
                    .collect(java.util.stream.Collectors.joining(", "));
            return ModelException.unsupported(
                    spec.node().describe() + ": backend " + backend.name() + " has no kernel for inputs " + inputs);
        });
    }

    /** The fault with the node's place in front, unless it is there already. */
    static ModelException placed(Node node, ModelException fault) {
        return String.valueOf(fault.getMessage()).startsWith(node.describe()) ? fault : fault.at(node.describe());
    }

    static Tensor nativeCopy(Tensor tensor, SegmentAllocator allocator) {
        Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape(), allocator);
        copy.copyFrom(tensor);
        return copy;
    }
}
