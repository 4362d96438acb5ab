package dev.octet.backend.cpu;

import static java.util.Map.entry;

import dev.octet.graph.Op;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.Identity;
import dev.octet.graph.op.Unary;
import dev.octet.runtime.KernelFactory;
import java.util.List;
import java.util.Map;

/** All CPU kernels: of an operator's rows the first that supports a node is used. */
final class CpuKernels {
    static final Map<Class<? extends Op>, List<KernelFactory>> ALL = Map.ofEntries(
            entry(Binary.class, List.of(BinaryF32.FACTORY, BinaryKernel.FACTORY)),
            entry(Identity.class, List.of(CopyKernel.FACTORY)),
            entry(Unary.class, List.of(UnaryKernel.FACTORY)));

    private CpuKernels() {}
}
