package dev.octet.profile.verdict;

import dev.octet.profile.KernelTotal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Rules on the kernels that multiply. */
final class KernelRules {
    /** Two measurements of the same kernel differ by less. */
    private static final double NOTICEABLE = 1.1;

    private KernelRules() {}

    /** A quantized model whose products all run in a wider type. */
    static List<Verdict> noInt8(Comparison.Evidence evidence) {
        boolean products = evidence.after().profile().kernels().stream()
                .anyMatch(kernel -> KernelKinds.tensor(kernel)
                        || KernelKinds.slowProduct(kernel)
                        || (KernelKinds.onCpu(kernel)
                                && kernel.kernelClass().precision().isPresent()));
        boolean int8 = evidence.after().profile().kernels().stream().anyMatch(KernelKinds::int8);
        if (!products || int8) {
            return List.of();
        }
        return List.of(Verdict.ofRun(
                Cause.NO_INT8,
                "no kernel of the later profile multiplies INT8",
                "check that the model has Q/DQ around its products (octet inspect) and that the runtime was allowed INT8",
                OptionalLong.empty()));
    }

    /** Products on CUDA cores that the reference has on tensor cores, or INT8 ones that tensor cores could do. */
    static List<Verdict> notOnTensorCores(Comparison.Evidence evidence) {
        List<Verdict> verdicts = new ArrayList<>();
        for (NodePair node : evidence.nodes()) {
            for (KernelTotal kernel : node.after().only(KernelKinds::slowProduct)) {
                if (KernelKinds.int8(kernel) || node.before().has(KernelKinds::tensor)) {
                    long nanos = node.after().run().nanos(kernel);
                    verdicts.add(Verdict.at(
                            node,
                            Cause.NOT_ON_TENSOR_CORES,
                            kernel.name() + " (" + kernel.kernelClass().instructionText() + ") takes "
                                    + KernelKinds.micros(nanos),
                            fix(kernel),
                            nanos));
                }
            }
        }
        return verdicts;
    }

    private static String fix(KernelTotal kernel) {
        return KernelKinds.int8(kernel)
                ? "make input and output channels multiples of 16 (pad them, at the least to 4), keep both operands"
                        + " K-major, or leave this layer in fp16"
                : "quantize this layer or declare it fp16; octet lint names what keeps it in float";
    }

    /** Nodes on tensor cores, or on the CPU, in both runs whose work takes longer in the later. */
    static List<Verdict> slowerKernel(Comparison.Evidence evidence) {
        List<Verdict> verdicts = new ArrayList<>();
        for (NodePair node : evidence.nodes()) {
            long before = node.before().nanos(KernelKinds::work);
            long after = node.after().nanos(KernelKinds::work);
            if (node.name().isPresent() && before > 0 && after > before * NOTICEABLE) {
                verdicts.add(Verdict.at(
                        node,
                        Cause.SLOWER_KERNEL,
                        names(node.after()) + " takes " + KernelKinds.micros(after) + ", " + names(node.before())
                                + " took " + KernelKinds.micros(before),
                        "time other algorithms for this shape, use a larger batch, or leave this layer in its wider type",
                        after - before));
            }
        }
        return verdicts;
    }

    private static String names(NodePair.Side side) {
        List<KernelTotal> work = side.only(KernelKinds::work);
        return work.get(0).name() + (work.size() > 1 ? " and " + (work.size() - 1) + " more" : "");
    }
}
