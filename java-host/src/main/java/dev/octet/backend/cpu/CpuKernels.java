package dev.octet.backend.cpu;

import static java.util.Map.entry;

import dev.octet.graph.Op;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.Identity;
import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.Conv;
import dev.octet.graph.op.ConvTranspose;
import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.Gemm;
import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.GlobalMaxPool;
import dev.octet.graph.op.LpPool;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.Unary;
import dev.octet.runtime.KernelFactory;
import java.util.List;
import java.util.Map;

/** All CPU kernels: of an operator's rows the first that supports a node is used. */
final class CpuKernels {
    static final Map<Class<? extends Op>, List<KernelFactory>> ALL = Map.ofEntries(
            entry(AveragePool.class, List.of(PoolKernel.AVERAGE, PoolScalar.AVERAGE)),
            entry(Binary.class, List.of(BinaryF32.FACTORY, BinaryKernel.FACTORY)),
            entry(Conv.class, List.of(ConvKernel.CONV, ConvScalar.FACTORY)),
            entry(ConvTranspose.class, List.of(ConvTransposeKernel.FACTORY)),
            entry(FusedConv.class, List.of(ConvKernel.FUSED)),
            entry(Gemm.class, List.of(MatMulKernel.GEMM, MatMulScalar.GEMM)),
            entry(GlobalAveragePool.class, List.of(GlobalPoolKernel.AVERAGE)),
            entry(GlobalMaxPool.class, List.of(GlobalPoolKernel.MAX)),
            entry(Identity.class, List.of(CopyKernel.FACTORY)),
            entry(LpPool.class, List.of(PoolKernel.LP)),
            entry(MatMul.class, List.of(MatMulKernel.MATMUL, MatMulScalar.MATMUL)),
            entry(MaxPool.class, List.of(PoolKernel.MAX, PoolScalar.MAX)),
            entry(Unary.class, List.of(UnaryKernel.FACTORY)));

    private CpuKernels() {}
}
