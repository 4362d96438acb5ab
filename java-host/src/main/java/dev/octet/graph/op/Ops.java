package dev.octet.graph.op;

import dev.octet.graph.OpType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All operators that a model file may contain. */
public final class Ops {
    private static final List<OpType> SINGLE = List.of(
            AveragePool.TYPE,
            BatchNormalization.TYPE,
            Cast.TYPE,
            CastLike.TYPE,
            Clip.TYPE,
            Compress.TYPE,
            Concat.TYPE,
            ConstantOfShape.TYPE,
            Conv.TYPE,
            ConvInteger.TYPE,
            ConvTranspose.TYPE,
            CumSum.TYPE,
            DepthToSpace.TYPE,
            DequantizeLinear.TYPE,
            Dropout.TYPE,
            DynamicQuantizeLinear.TYPE,
            Einsum.TYPE,
            Expand.TYPE,
            EyeLike.TYPE,
            Flatten.TYPE,
            Gather.TYPE,
            GatherElements.TYPE,
            GatherNd.TYPE,
            Gelu.TYPE,
            Gemm.TYPE,
            GlobalAveragePool.TYPE,
            GlobalMaxPool.TYPE,
            GroupNormalization.TYPE,
            Identity.TYPE,
            InstanceNormalization.TYPE,
            IsInf.TYPE,
            LayerNormalization.TYPE,
            LocalResponseNormalization.TYPE,
            LpNormalization.TYPE,
            LpPool.TYPE,
            MatMul.TYPE,
            MatMulInteger.TYPE,
            MaxPool.TYPE,
            MeanVarianceNormalization.TYPE,
            Mod.TYPE,
            NonZero.TYPE,
            OneHot.TYPE,
            Pad.TYPE,
            QLinearConv.TYPE,
            QLinearMatMul.TYPE,
            QuantizeLinear.TYPE,
            Range.TYPE,
            Reshape.TYPE,
            Resize.TYPE,
            ReverseSequence.TYPE,
            RmsNormalization.TYPE,
            ScatterElements.TYPE,
            ScatterNd.TYPE,
            ShapeOf.TYPE,
            Size.TYPE,
            Slice.TYPE,
            SpaceToDepth.TYPE,
            Split.TYPE,
            Squeeze.TYPE,
            Tile.TYPE,
            TopK.TYPE,
            Transpose.TYPE,
            Trilu.TYPE,
            Unsqueeze.TYPE,
            Where.TYPE);

    public static final List<OpType> ALL = Stream.of(
                    SINGLE.stream(),
                    Activation.TYPES.values().stream(),
                    Binary.TYPES.values().stream(),
                    Reduce.TYPES.values().stream(),
                    ArgExtreme.TYPES.values().stream(),
                    Softmax.TYPES.values().stream(),
                    Unary.TYPES.values().stream(),
                    Variadic.TYPES.values().stream())
            .flatMap(Function.identity())
            .toList();

    private static final Map<String, OpType> BY_NAME =
            ALL.stream().collect(Collectors.toMap(OpType::name, Function.identity()));

    private Ops() {}

    /** The operator of ONNX's own domain with this name. */
    public static Optional<OpType> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
