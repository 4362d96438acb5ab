package dev.octet.backend.cuda;

import static java.util.Map.entry;

import dev.octet.graph.Op;
import dev.octet.graph.op.Activation;
import dev.octet.graph.op.ArgExtreme;
import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.BatchNormalization;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.Cast;
import dev.octet.graph.op.CastLike;
import dev.octet.graph.op.Clip;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.Conv;
import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.graph.op.Expand;
import dev.octet.graph.op.Flatten;
import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.Gather;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.Gemm;
import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.GlobalMaxPool;
import dev.octet.graph.op.GroupNormalization;
import dev.octet.graph.op.Identity;
import dev.octet.graph.op.InstanceNormalization;
import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.Pad;
import dev.octet.graph.op.QBinary;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.graph.op.QLookup;
import dev.octet.graph.op.QMatMul;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.Reshape;
import dev.octet.graph.op.Resize;
import dev.octet.graph.op.RmsNormalization;
import dev.octet.graph.op.Slice;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SpaceToDepth;
import dev.octet.graph.op.Split;
import dev.octet.graph.op.Squeeze;
import dev.octet.graph.op.Tile;
import dev.octet.graph.op.Transpose;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.Unsqueeze;
import dev.octet.graph.op.Variadic;
import dev.octet.graph.op.Where;
import java.util.List;
import java.util.Map;

/** All CUDA kernels: of an operator's rows the first that supports a node is used. */
final class CudaKernels {
    static final Map<Class<? extends Op>, List<Row>> ALL = Map.ofEntries(
            entry(Activation.class, List.of(UnaryCuda.ROW)),
            entry(ArgExtreme.class, List.of(ArgExtremeCuda.ROW)),
            entry(AveragePool.class, List.of(PoolCuda.AVERAGE)),
            entry(BatchNormalization.class, List.of(BatchNormCuda.ROW)),
            entry(Binary.class, List.of(BinaryCuda.BINARY)),
            entry(Cast.class, List.of(CastCuda.ROW, ReshapeCuda.CAST_TO_SAME)),
            entry(CastLike.class, List.of(CastCuda.ROW, ReshapeCuda.CAST_TO_SAME)),
            entry(Clip.class, List.of(UnaryCuda.ROW)),
            entry(Concat.class, List.of(MoveCuda.CONCAT)),
            entry(Conv.class, List.of(DepthwiseCuda.ROW, ConvCuda.F32, ConvCuda.F16)),
            entry(DepthToSpace.class, List.of(MoveCuda.DEPTH_TO_SPACE)),
            entry(DequantizeLinear.class, List.of(QuantizeCuda.DEQUANTIZE)),
            entry(DynamicQuantizeLinear.class, List.of(DynamicQuantizeCuda.ROW)),
            entry(Expand.class, List.of(MoveCuda.REPEAT)),
            entry(Flatten.class, List.of(ReshapeCuda.ROW)),
            entry(FusedConv.class, List.of(DepthwiseCuda.ROW, ConvCuda.F32, ConvCuda.F16)),
            entry(Gather.class, List.of(GatherCuda.ROW)),
            entry(Gelu.class, List.of(UnaryCuda.ROW)),
            entry(Gemm.class, List.of(GemmCuda.GEMM_F32, GemmCuda.GEMM_F16)),
            entry(GlobalAveragePool.class, List.of(ReduceCuda.GLOBAL_AVERAGE)),
            entry(GlobalMaxPool.class, List.of(ReduceCuda.GLOBAL_MAX)),
            entry(GroupNormalization.class, List.of(NormalizeCuda.GROUP)),
            entry(Identity.class, List.of(ReshapeCuda.ROW)),
            entry(InstanceNormalization.class, List.of(NormalizeCuda.INSTANCE)),
            entry(LayerNormalization.class, List.of(NormalizeCuda.LAYER)),
            entry(MatMul.class, List.of(GemmCuda.MATMUL_F32, GemmCuda.MATMUL_F16)),
            entry(MaxPool.class, List.of(PoolCuda.MAX)),
            entry(Pad.class, List.of(PadCuda.ROW)),
            entry(QBinary.class, List.of(QBinaryCuda.ROW)),
            entry(QConv.class, List.of(QDepthwiseCuda.ROW, QConvCuda.POINTWISE, QConvCuda.ROW)),
            entry(QGlobalAveragePool.class, List.of(QGlobalPoolCuda.ROW)),
            entry(QLookup.class, List.of(QLookupCuda.ROW)),
            entry(QMatMul.class, List.of(QMatMulCuda.ROW, QMatMulPairCuda.ROW)),
            entry(QuantizeLinear.class, List.of(QuantizeCuda.QUANTIZE)),
            entry(Reduce.class, List.of(ReduceCuda.REDUCE)),
            entry(Reshape.class, List.of(ReshapeCuda.ROW)),
            entry(Resize.class, List.of(ResizeCuda.ROW)),
            entry(RmsNormalization.class, List.of(NormalizeCuda.RMS)),
            entry(Slice.class, List.of(MoveCuda.SLICE)),
            entry(Softmax.class, List.of(SoftmaxCuda.ROW)),
            entry(SpaceToDepth.class, List.of(MoveCuda.SPACE_TO_DEPTH)),
            entry(Split.class, List.of(MoveCuda.SPLIT)),
            entry(Squeeze.class, List.of(ReshapeCuda.ROW)),
            entry(Tile.class, List.of(MoveCuda.REPEAT)),
            entry(Transpose.class, List.of(MoveCuda.TRANSPOSE)),
            entry(Unary.class, List.of(UnaryCuda.ROW)),
            entry(Unsqueeze.class, List.of(ReshapeCuda.ROW)),
            entry(Variadic.class, List.of(BinaryCuda.OF_TWO)),
            entry(Where.class, List.of(WhereCuda.ROW)));

    private CudaKernels() {}
}
