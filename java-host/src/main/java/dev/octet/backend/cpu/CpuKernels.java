package dev.octet.backend.cpu;

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
import dev.octet.graph.op.Compress;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.ConstantOfShape;
import dev.octet.graph.op.Conv;
import dev.octet.graph.op.ConvInteger;
import dev.octet.graph.op.ConvTranspose;
import dev.octet.graph.op.CumSum;
import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.Dropout;
import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.graph.op.Einsum;
import dev.octet.graph.op.Expand;
import dev.octet.graph.op.EyeLike;
import dev.octet.graph.op.Flatten;
import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.Gather;
import dev.octet.graph.op.GatherElements;
import dev.octet.graph.op.GatherNd;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.Gemm;
import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.GlobalMaxPool;
import dev.octet.graph.op.GroupNormalization;
import dev.octet.graph.op.Identity;
import dev.octet.graph.op.InstanceNormalization;
import dev.octet.graph.op.IsInf;
import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.LocalResponseNormalization;
import dev.octet.graph.op.LpNormalization;
import dev.octet.graph.op.LpPool;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.MatMulInteger;
import dev.octet.graph.op.MatMulIntegerToFloat;
import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.MeanVarianceNormalization;
import dev.octet.graph.op.Mod;
import dev.octet.graph.op.NonZero;
import dev.octet.graph.op.OneHot;
import dev.octet.graph.op.Pad;
import dev.octet.graph.op.QBinary;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.graph.op.QLinearConv;
import dev.octet.graph.op.QLinearMatMul;
import dev.octet.graph.op.QLookup;
import dev.octet.graph.op.QMatMul;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.graph.op.Range;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.Reshape;
import dev.octet.graph.op.Resize;
import dev.octet.graph.op.ReverseSequence;
import dev.octet.graph.op.RmsNormalization;
import dev.octet.graph.op.ScatterElements;
import dev.octet.graph.op.ScatterNd;
import dev.octet.graph.op.ShapeOf;
import dev.octet.graph.op.Size;
import dev.octet.graph.op.Slice;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SpaceToDepth;
import dev.octet.graph.op.Split;
import dev.octet.graph.op.Squeeze;
import dev.octet.graph.op.Tile;
import dev.octet.graph.op.TopK;
import dev.octet.graph.op.Transpose;
import dev.octet.graph.op.Trilu;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.Unsqueeze;
import dev.octet.graph.op.Variadic;
import dev.octet.graph.op.Where;
import dev.octet.runtime.KernelFactory;
import java.util.List;
import java.util.Map;

/** All CPU kernels: of an operator's rows the first that supports a node is used. */
final class CpuKernels {
    static final Map<Class<? extends Op>, List<KernelFactory>> ALL = Map.ofEntries(
            entry(Activation.class, List.of(RealMap.ACTIVATION)),
            entry(ArgExtreme.class, List.of(ArgExtremeKernel.FACTORY)),
            entry(AveragePool.class, List.of(PoolKernel.AVERAGE, PoolScalar.AVERAGE)),
            entry(BatchNormalization.class, List.of(BatchNormKernel.FACTORY)),
            entry(Binary.class, List.of(BinaryF32.FACTORY, BinaryF32.SQUARE, BinaryKernel.FACTORY)),
            entry(Cast.class, List.of(CastKernel.CAST)),
            entry(CastLike.class, List.of(CastKernel.CAST_LIKE)),
            entry(Clip.class, List.of(ClipF32.CLIP, ClipKernel.FACTORY)),
            entry(Compress.class, List.of(CompressKernel.FACTORY)),
            entry(Concat.class, List.of(MoveKernel.CONCAT)),
            entry(ConstantOfShape.class, List.of(ConstantOfShapeKernel.FACTORY)),
            entry(Conv.class, List.of(ConvKernel.CONV, ConvScalar.FACTORY)),
            entry(ConvInteger.class, List.of(IntegerConvKernel.CONV_INTEGER)),
            entry(ConvTranspose.class, List.of(ConvTransposeKernel.FACTORY)),
            entry(CumSum.class, List.of(CumSumKernel.FACTORY)),
            entry(DepthToSpace.class, List.of(MoveKernel.DEPTH_TO_SPACE)),
            entry(DequantizeLinear.class, List.of(DequantizeKernel.FACTORY)),
            entry(Dropout.class, List.of(DropoutKernel.FACTORY)),
            entry(DynamicQuantizeLinear.class, List.of(DynamicQuantizeKernel.FACTORY)),
            entry(Einsum.class, List.of(EinsumKernel.FACTORY)),
            entry(Expand.class, List.of(MoveKernel.REPEAT)),
            entry(EyeLike.class, List.of(EyeLikeKernel.FACTORY)),
            entry(Flatten.class, List.of(CopyKernel.FACTORY)),
            entry(FusedConv.class, List.of(ConvKernel.FUSED)),
            entry(Gather.class, List.of(GatherKernel.FACTORY)),
            entry(GatherElements.class, List.of(GatherElementsKernel.FACTORY)),
            entry(GatherNd.class, List.of(GatherNdKernel.FACTORY)),
            entry(Gelu.class, List.of(ErfF32.GELU, RealMap.GELU)),
            entry(Gemm.class, List.of(MatMulKernel.GEMM, MatMulScalar.GEMM)),
            entry(GlobalAveragePool.class, List.of(GlobalPoolKernel.AVERAGE)),
            entry(GlobalMaxPool.class, List.of(GlobalPoolKernel.MAX)),
            entry(GroupNormalization.class, List.of(ChannelNormKernel.GROUP)),
            entry(Identity.class, List.of(CopyKernel.FACTORY)),
            entry(InstanceNormalization.class, List.of(ChannelNormKernel.INSTANCE)),
            entry(IsInf.class, List.of(RealMap.IS_INF)),
            entry(LayerNormalization.class, List.of(LayerNormKernel.LAYER)),
            entry(LocalResponseNormalization.class, List.of(LrnKernel.FACTORY)),
            entry(LpNormalization.class, List.of(LpNormKernel.FACTORY)),
            entry(LpPool.class, List.of(PoolKernel.LP)),
            entry(MatMul.class, List.of(MatMulKernel.MATMUL, MatMulScalar.MATMUL)),
            entry(MatMulInteger.class, List.of(IntegerMatMulKernel.MATMUL_INTEGER)),
            entry(MatMulIntegerToFloat.class, List.of(IntegerMatMulKernel.TO_FLOAT)),
            entry(MaxPool.class, List.of(PoolKernel.MAX, PoolScalar.MAX)),
            entry(MeanVarianceNormalization.class, List.of(MeanVarianceKernel.FACTORY)),
            entry(Mod.class, List.of(ModKernel.FACTORY)),
            entry(NonZero.class, List.of(NonZeroKernel.FACTORY)),
            entry(OneHot.class, List.of(OneHotKernel.FACTORY)),
            entry(Pad.class, List.of(PadKernel.FACTORY)),
            entry(QBinary.class, List.of(QBinaryKernel.FACTORY)),
            entry(QConv.class, List.of(QConvKernel.FACTORY)),
            entry(QGlobalAveragePool.class, List.of(QGlobalAveragePoolKernel.FACTORY)),
            entry(QLinearConv.class, List.of(IntegerConvKernel.QLINEAR)),
            entry(QLinearMatMul.class, List.of(IntegerMatMulKernel.QLINEAR)),
            entry(QLookup.class, List.of(QLookupKernel.FACTORY)),
            entry(QMatMul.class, List.of(QMatMulKernel.FACTORY)),
            entry(QuantizeLinear.class, List.of(QuantizeKernel.FACTORY)),
            entry(Range.class, List.of(RangeKernel.FACTORY)),
            entry(Reduce.class, List.of(ReduceKernel.FACTORY)),
            entry(Reshape.class, List.of(CopyKernel.FACTORY)),
            entry(Resize.class, List.of(ResizeKernel.FACTORY)),
            entry(ReverseSequence.class, List.of(ReverseSequenceKernel.FACTORY)),
            entry(RmsNormalization.class, List.of(LayerNormKernel.RMS)),
            entry(ScatterElements.class, List.of(ScatterElementsKernel.FACTORY)),
            entry(ScatterNd.class, List.of(ScatterNdKernel.FACTORY)),
            entry(ShapeOf.class, List.of(ShapeOnlyKernel.FACTORY)),
            entry(Size.class, List.of(ShapeOnlyKernel.FACTORY)),
            entry(Slice.class, List.of(SliceKernel.FACTORY)),
            entry(Softmax.class, List.of(SoftmaxKernel.FACTORY)),
            entry(SpaceToDepth.class, List.of(MoveKernel.SPACE_TO_DEPTH)),
            entry(Split.class, List.of(MoveKernel.SPLIT)),
            entry(Squeeze.class, List.of(CopyKernel.FACTORY)),
            entry(Tile.class, List.of(MoveKernel.REPEAT)),
            entry(TopK.class, List.of(TopKKernel.FACTORY)),
            entry(Transpose.class, List.of(MoveKernel.TRANSPOSE)),
            entry(Trilu.class, List.of(TriluKernel.FACTORY)),
            entry(Unary.class, List.of(ClipF32.RELU, ErfF32.ERF, RealMap.UNARY, UnaryInteger.FACTORY)),
            entry(Unsqueeze.class, List.of(CopyKernel.FACTORY)),
            entry(Variadic.class, List.of(BinaryF32.SUM_OF_TWO, VariadicKernel.FACTORY)),
            entry(Where.class, List.of(WhereKernel.FACTORY)));

    private CpuKernels() {}
}
