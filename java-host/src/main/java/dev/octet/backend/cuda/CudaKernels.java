package dev.octet.backend.cuda;

import static java.util.Map.entry;

import dev.octet.graph.Op;
import dev.octet.graph.op.ArgExtreme;
import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.BatchNormalization;
import dev.octet.graph.op.Conv;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.Gemm;
import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.GlobalMaxPool;
import dev.octet.graph.op.GroupNormalization;
import dev.octet.graph.op.InstanceNormalization;
import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.graph.op.QMatMul;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.RmsNormalization;
import dev.octet.graph.op.Softmax;
import java.util.List;
import java.util.Map;

/** All CUDA kernels: of an operator's rows the first that supports a node is used. */
final class CudaKernels {
    static final Map<Class<? extends Op>, List<Row>> ALL = Map.ofEntries(
            entry(ArgExtreme.class, List.of(ArgExtremeCuda.ROW)),
            entry(AveragePool.class, List.of(PoolCuda.AVERAGE)),
            entry(BatchNormalization.class, List.of(BatchNormCuda.ROW)),
            entry(Conv.class, List.of(DepthwiseCuda.ROW, ConvCuda.F32, ConvCuda.F16)),
            entry(DequantizeLinear.class, List.of(QuantizeCuda.DEQUANTIZE)),
            entry(FusedConv.class, List.of(DepthwiseCuda.ROW, ConvCuda.F32, ConvCuda.F16)),
            entry(Gemm.class, List.of(GemmCuda.GEMM_F32, GemmCuda.GEMM_F16)),
            entry(GlobalAveragePool.class, List.of(ReduceCuda.GLOBAL_AVERAGE)),
            entry(GlobalMaxPool.class, List.of(ReduceCuda.GLOBAL_MAX)),
            entry(GroupNormalization.class, List.of(NormalizeCuda.GROUP)),
            entry(InstanceNormalization.class, List.of(NormalizeCuda.INSTANCE)),
            entry(LayerNormalization.class, List.of(NormalizeCuda.LAYER)),
            entry(MatMul.class, List.of(GemmCuda.MATMUL_F32, GemmCuda.MATMUL_F16)),
            entry(MaxPool.class, List.of(PoolCuda.MAX)),
            entry(QConv.class, List.of(QDepthwiseCuda.ROW, QConvCuda.ROW)),
            entry(QGlobalAveragePool.class, List.of(QGlobalPoolCuda.ROW)),
            entry(QMatMul.class, List.of(QMatMulCuda.ROW, QMatMulPairCuda.ROW)),
            entry(QuantizeLinear.class, List.of(QuantizeCuda.QUANTIZE)),
            entry(Reduce.class, List.of(ReduceCuda.REDUCE)),
            entry(RmsNormalization.class, List.of(NormalizeCuda.RMS)),
            entry(Softmax.class, List.of(SoftmaxCuda.ROW)));

    private CudaKernels() {}
}
