package dev.octet.runtime;

import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.tensor.Tensor;
import java.lang.foreign.SegmentAllocator;
import java.util.Optional;

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

    /**
     * What the overflow of an exact sum or product in a kernel means: sizes that are valid, and larger than the kernel
     * counts with. Any other fault of arithmetic is a bug and returned as it is.
     */
    static RuntimeException overflow(Node node, ArithmeticException fault) {
        return String.valueOf(fault.getMessage()).endsWith("overflow")
                ? new ModelException(
                        ModelException.Kind.LIMIT,
                        node.describe() + ": its sizes exceed the limit of what its kernel can count",
                        fault)
                : fault;
    }

    /** A kernel over its tensors, or nothing where there is {@linkplain #computes nothing to compute}. */
    static BoundKernel bind(Kernel kernel, KernelArgs args) {
        return computes(args) ? kernel.bind(args) : _ -> {};
    }

    /** Runs a kernel unless there is {@linkplain #computes nothing to compute}. */
    static void run(Kernel kernel, KernelArgs args, Workers workers) {
        if (computes(args)) {
            kernel.run(args, workers);
        }
    }

    /**
     * Whether there is anything to compute: an extent of zero may stand beside others so large that walking over them would
     * take years.
     */
    static boolean computes(KernelArgs args) {
        for (Optional<Tensor> output : args.outputs()) {
            if (output.isPresent() && output.get().elementCount() > 0) {
                return true;
            }
        }
        return false;
    }

    static Tensor nativeCopy(Tensor tensor, SegmentAllocator allocator) {
        Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape(), allocator);
        copy.copyFrom(tensor);
        return copy;
    }
}
