package dev.octet.backend.cpu;

import static java.util.Map.entry;

import dev.octet.graph.Op;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.Identity;
import dev.octet.graph.op.Activation;
import dev.octet.graph.op.Cast;
import dev.octet.graph.op.CastLike;
import dev.octet.graph.op.Clip;
import dev.octet.graph.op.Dropout;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.IsInf;
import dev.octet.graph.op.Mod;
import dev.octet.graph.op.Variadic;
import dev.octet.graph.op.Where;
import dev.octet.graph.op.Unary;
import dev.octet.runtime.KernelFactory;
import java.util.List;
import java.util.Map;

/** All CPU kernels: of an operator's rows the first that supports a node is used. */
final class CpuKernels {
    static final Map<Class<? extends Op>, List<KernelFactory>> ALL = Map.ofEntries(
            entry(Activation.class, List.of(RealMap.ACTIVATION)),
            entry(Binary.class, List.of(BinaryF32.FACTORY, BinaryKernel.FACTORY)),
            entry(Cast.class, List.of(CastKernel.CAST)),
            entry(CastLike.class, List.of(CastKernel.CAST_LIKE)),
            entry(Clip.class, List.of(ClipF32.CLIP, ClipKernel.FACTORY)),
            entry(Dropout.class, List.of(DropoutKernel.FACTORY)),
            entry(Gelu.class, List.of(RealMap.GELU)),
            entry(Identity.class, List.of(CopyKernel.FACTORY)),
            entry(IsInf.class, List.of(RealMap.IS_INF)),
            entry(Mod.class, List.of(ModKernel.FACTORY)),
            entry(Unary.class, List.of(ClipF32.RELU, RealMap.UNARY, UnaryInteger.FACTORY)),
            entry(Variadic.class, List.of(VariadicKernel.FACTORY)),
            entry(Where.class, List.of(WhereKernel.FACTORY)));

    private CpuKernels() {}
}
