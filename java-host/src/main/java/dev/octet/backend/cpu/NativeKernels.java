package dev.octet.backend.cpu;

import static java.util.Map.entry;

import dev.octet.graph.Op;
import dev.octet.graph.op.Activation;
import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.Clip;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.graph.op.Expand;
import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.FusedMatMul;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.Gemm;
import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.MatMulIntegerToFloat;
import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.Pad;
import dev.octet.graph.op.PermutedMatMul;
import dev.octet.graph.op.Pointwise;
import dev.octet.graph.op.QBinary;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.graph.op.QLookup;
import dev.octet.graph.op.QMatMul;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.Resize;
import dev.octet.graph.op.ScaledSoftmax;
import dev.octet.graph.op.Slice;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SpaceToDepth;
import dev.octet.graph.op.Split;
import dev.octet.graph.op.SumLayerNorm;
import dev.octet.graph.op.Tile;
import dev.octet.graph.op.Transpose;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.Variadic;
import dev.octet.graph.op.Where;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** All native kernels: of an operator's rows the first that supports a node is used, before any row of Java kernels. */
final class NativeKernels {
    /** The operators that have native kernels; others need not load the library. */
    static final Set<Class<? extends Op>> OPERATORS = Set.of(
            QConv.class,
            QMatMul.class,
            FusedConv.class,
            MatMul.class,
            FusedMatMul.class,
            Gemm.class,
            MaxPool.class,
            QuantizeLinear.class,
            DequantizeLinear.class,
            DynamicQuantizeLinear.class,
            MatMulIntegerToFloat.class,
            QBinary.class,
            QGlobalAveragePool.class,
            QLookup.class,
            Concat.class,
            DepthToSpace.class,
            Expand.class,
            Pad.class,
            Slice.class,
            SpaceToDepth.class,
            Split.class,
            Tile.class,
            Transpose.class,
            GlobalAveragePool.class,
            Softmax.class,
            ScaledSoftmax.class,
            PermutedMatMul.class,
            AveragePool.class,
            Reduce.class,
            Resize.class,
            Activation.class,
            Binary.class,
            Clip.class,
            Gelu.class,
            Pointwise.class,
            Variadic.class,
            Where.class,
            SumLayerNorm.class,
            LayerNormalization.class,
            Unary.class);

    private final NativeLibrary library;
    private final Map<Class<? extends Op>, List<KernelFactory>> rows;

    NativeKernels(NativeLibrary library) {
        this.library = library;
        this.rows = Map.ofEntries(
                entry(
                        QConv.class,
                        List.of(
                                row("qdepthwise", NativeQDepthwise::supports, NativeQDepthwise::prepare),
                                row(
                                                "qconv_winograd",
                                                spec -> library.qwinograd().isPresent()
                                                        && NativeQConv.isForWinograd(spec),
                                                NativeQConv::prepareWinograd)
                                        .withOutput(NativeQConv::output),
                                row("qconv", NativeQConv::supports, NativeQConv::prepare)
                                        .withOutput(NativeQConv::output))),
                entry(QMatMul.class, List.of(row("qmatmul", NativeQMatMul::supports, NativeQMatMul::prepare))),
                entry(
                        FusedConv.class,
                        List.of(
                                row("depthwise_f32", NativeConv::supportsDepthwise, NativeConv::prepareDepthwise),
                                row("conv_f32", NativeConv::supports, NativeConv::prepare)
                                        .withOutput(NativeQConv::output))),
                entry(
                        MatMul.class,
                        List.of(row("matmul_f32", NativeMatMul::supportsMatMul, NativeMatMul::prepareMatMul))),
                entry(
                        FusedMatMul.class,
                        List.of(row("fused_matmul_f32", NativeMatMul::supportsFused, NativeMatMul::prepareFused))),
                entry(Gemm.class, List.of(row("gemm_f32", NativeMatMul::supportsGemm, NativeMatMul::prepareGemm))),
                entry(MaxPool.class, List.of(row("max_pool", NativeMaxPool::supports, NativeMaxPool::prepare))),
                entry(
                        QuantizeLinear.class,
                        List.of(row("quantize", NativeQuantize::supports, NativeQuantize::prepare)
                                .withOutput(NativeQuantize::output))),
                entry(
                        DynamicQuantizeLinear.class,
                        List.of(row(
                                "dynamic_quantize", _ -> true, (loaded, _) -> NativeDynamicQuantize.prepare(loaded)))),
                entry(
                        MatMulIntegerToFloat.class,
                        List.of(row(
                                "matmul_integer_to_float",
                                NativeMatMulInteger::supports,
                                NativeMatMulInteger::prepare))),
                entry(
                        DequantizeLinear.class,
                        List.of(row("dequantize", NativeDequantize::supports, NativeDequantize::prepare))),
                entry(QBinary.class, List.of(row("qbinary", NativeQBinary::supports, NativeQBinary::prepare))),
                entry(
                        QGlobalAveragePool.class,
                        List.of(row("qglobal_mean", NativeQGlobalMean::supports, NativeQGlobalMean::prepare))),
                entry(QLookup.class, List.of(row("qlookup", _ -> true, NativeQLookup::prepare))),
                entry(Concat.class, List.of(move("concat"))),
                entry(DepthToSpace.class, List.of(move("depth_to_space"))),
                entry(Expand.class, List.of(move("repeat"))),
                entry(Pad.class, List.of(row("pad", NativeMove::supportsPad, NativeMove::preparePad))),
                entry(Slice.class, List.of(move("slice"))),
                entry(SpaceToDepth.class, List.of(move("space_to_depth"))),
                entry(Split.class, List.of(move("split"))),
                entry(Tile.class, List.of(move("repeat"))),
                entry(
                        Transpose.class,
                        List.of(row("transpose", NativeTranspose::supports, NativeTranspose::prepare)
                                .withOutput(MovePart::output))),
                entry(
                        GlobalAveragePool.class,
                        List.of(row("global_mean_f32", NativeGlobalMean::supports, NativeGlobalMean::prepare))),
                entry(Softmax.class, List.of(row("softmax_f32", NativeSoftmax::supports, NativeSoftmax::prepare))),
                entry(
                        PermutedMatMul.class,
                        List.of(row(
                                "permuted_matmul",
                                NativePairProduct::supportsPermuted,
                                NativePairProduct::preparePermuted))),
                entry(ScaledSoftmax.class, List.of(row("scaled_softmax_f32", _ -> true, NativeSoftmax::prepareScaled))),
                entry(
                        SumLayerNorm.class,
                        List.of(row("sum_layer_norm_f32", NativeLayerNorm::supportsSum, NativeLayerNorm::prepareSum))),
                entry(
                        LayerNormalization.class,
                        List.of(row("layer_norm_f32", NativeLayerNorm::supports, NativeLayerNorm::prepare))),
                entry(
                        AveragePool.class,
                        List.of(row("average_pool_f32", NativeAveragePool::supports, NativeAveragePool::prepare))),
                entry(
                        Reduce.class,
                        List.of(row("mean_f32", NativeGlobalMean::supportsReduce, NativeGlobalMean::prepareReduce))),
                entry(
                        Resize.class,
                        List.of(row("resize", NativeResample::supportsResize, NativeResample::prepareResize))),
                entry(Activation.class, List.of(pointwise())),
                entry(Binary.class, List.of(pointwise())),
                entry(Clip.class, List.of(pointwise())),
                entry(Gelu.class, List.of(pointwise())),
                entry(Pointwise.class, List.of(pointwise())),
                entry(Unary.class, List.of(pointwise())),
                entry(Variadic.class, List.of(pointwise())),
                entry(Where.class, List.of(pointwise())));
    }

    private KernelFactory row(
            String name, Predicate<KernelSpec> supports, BiFunction<NativeLibrary, KernelSpec, Kernel> prepare) {
        return new KernelFactory(library.set().label() + "_" + name, supports, spec -> prepare.apply(library, spec));
    }

    private KernelFactory move(String name) {
        return row(name, NativeMove::supports, NativeMove::prepare).withOutput(MovePart::output);
    }

    private KernelFactory pointwise() {
        return row("pointwise_f32", NativePointwise::supports, NativePointwise::prepare);
    }

    List<KernelFactory> rows(Class<? extends Op> op) {
        return rows.getOrDefault(op, List.of());
    }
}
