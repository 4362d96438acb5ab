package dev.octet.onnx;

import dev.octet.graph.OpType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Sensible operands and attributes of every operator, as text. An operand is a letter for its type (f f32, i s64, w s32,
 * s s8, u u8, b bool) and its extents, or after a colon its values.
 */
final class OperatorTemplates {
    private static final String WINDOW =
            " strides=[1,1] pads=[1,1,1,1] dilations=[1,1] auto_pad=NOTSET|SAME_UPPER|VALID|x";
    private static final String POOL = " kernel_shape=[2,2] ceil_mode=1 count_include_pad=1 storage_order=0" + WINDOW;

    /** Name, operands, count of outputs, attributes. */
    private static final String TABLE = """
            AveragePool;f1,4,6,6;1;%2$s
            BatchNormalization;f2,3,4 f3 f3 f3 f3;1;epsilon=1e-5 momentum=0.9 training_mode=0
            Cast;f2,3;1;to=7 saturate=1
            CastLike;f2,3 i2;1;saturate=0
            Clip;f2,3 f f;1;
            Compress;f2,3 b2;1;axis=0
            Concat;f2,3 f2,3 f2,3;1;axis=1
            ConstantOfShape;i:2,3;1;
            Conv;f1,4,6,6 f4,2,3,3 f4;1;group=2 kernel_shape=[3,3]%1$s
            ConvInteger;u1,4,6,6 s4,4,3,3 u s;1;group=1 kernel_shape=[3,3]%1$s
            ConvTranspose;f1,4,6,6 f4,2,3,3 f4;1;group=2 output_padding=[0,0] output_shape=[6,6]%1$s
            CumSum;f2,3 i;1;exclusive=1 reverse=1
            DepthToSpace;f1,8,3,3;1;blocksize=2 mode=DCR|CRD|x
            DequantizeLinear;s2,4 f4 s4;1;axis=1 block_size=0
            DequantizeLinear;s4,4 f2,4 s2,4;1;axis=0 block_size=2
            Dropout;f2,3 f b;2;seed=3
            DynamicQuantizeLinear;f2,3;3;
            Einsum;f2,3 f3,4;1;equation=ij,jk->ik|ij,jk|...j,jk->...k|ii,jk->|ij,jk->zz
            Expand;f2,1 i:2,3;1;
            EyeLike;f3,4;1;k=1 dtype=7
            Flatten;f2,3,4;1;axis=1
            Gather;f4,3 i2,2;1;axis=0
            GatherElements;f4,3 i2,3;1;axis=0
            GatherND;f4,3 i2,1;1;batch_dims=0
            Gelu;f2,3;1;approximate=none|tanh|x
            Gemm;f3,4 f5,4 f5;1;transB=1 transA=0 alpha=1.5 beta=0.5
            GlobalAveragePool;f1,4,6,6;1;
            GlobalMaxPool;f1,4,6,6;1;
            GroupNormalization;f1,4,3 f4 f4;1;num_groups=2 epsilon=1e-5
            Identity;f2,3;1;
            InstanceNormalization;f1,4,3 f4 f4;1;epsilon=1e-5
            IsInf;f2,3;1;detect_negative=1 detect_positive=0
            LayerNormalization;f2,3,4 f4 f4;1;axis=-1 epsilon=1e-5 stash_type=1
            LRN;f1,4,6,6;1;size=3 alpha=1e-4 beta=0.75 bias=1.0
            LpNormalization;f2,3;1;axis=1 p=2
            LpPool;f1,4,6,6;1;p=2%2$s
            MatMul;f2,3,4 f2,4,5;1;
            MatMulInteger;u3,4 s4,5 u s5;1;
            MaxPool;f1,4,6,6;2;%2$s
            MeanVarianceNormalization;f1,4,3,3;1;axes=[0,2,3]
            Mod;i2,3 i:3,5,7;1;fmod=0
            NonZero;f2,3;1;
            OneHot;i:1,2 i:4 f:0,1;1;axis=-1
            Pad;f2,3 i:0,1,0,1 f i:0,1;1;mode=constant|reflect|edge|wrap|x
            QLinearConv;u1,4,6,6 f u s4,4,3,3 f4 s4 f u w4;1;group=1 kernel_shape=[3,3]%1$s
            QLinearMatMul;u3,4 f u s4,5 f5 s5 f u;1;
            QuantizeLinear;f2,4 f4 s4;1;axis=1 saturate=1 block_size=0
            Range;f f f;1;
            Reshape;f2,3,4 i:4,-1;1;allowzero=1
            Resize;f1,1,4,4 f i i:1,1,9,7;1;mode=nearest|linear|cubic|x coordinate_transformation_mode=half_pixel|asymmetric|align_corners|tf_crop_and_resize|x antialias=1 axes=[2,3] cubic_coeff_a=-0.5
            Resize;f1,1,4,4 f:0,0,0,0,1,1,1,1 f:1,1,2,2;1;mode=nearest|linear|cubic nearest_mode=floor|ceil|round_prefer_floor|x exclude_outside=1 keep_aspect_ratio_policy=stretch|not_larger|x
            ReverseSequence;f4,3 i:1,2,3;1;batch_axis=1 time_axis=0
            RMSNormalization;f2,3,4 f4;1;axis=-1 epsilon=1e-5
            ScatterElements;f4,3 i2,3 f2,3;1;axis=0 reduction=none|add|mul|max|x
            ScatterND;f4,3 i2,1 f2,3;1;reduction=none|add|mul|max|x
            Shape;f2,3,4;1;start=0 end=2
            Size;f2,3;1;
            Slice;f4,5 i:0,1 i:3,4 i:0,1 i:1,2;1;
            SpaceToDepth;f1,2,4,4;1;blocksize=2
            Split;f6,3 i:2,4;2;axis=0 num_outputs=2
            Squeeze;f1,3,1 i:0,2;1;
            Tile;f2,3 i:2,1;1;
            TopK;f3,4 i:2;2;axis=-1 largest=1 sorted=0
            Transpose;f2,3,4;1;perm=[2,0,1]
            Trilu;f3,4 i;1;upper=0
            Unsqueeze;f2,3 i:0,3;1;
            Where;b2,3 f2,3 f3;1;
            """.formatted(WINDOW, POOL);

    private static final Map<String, List<Template>> BY_NAME = Arrays.stream(TABLE.split("\n"))
            .map(line -> line.split(";", -1))
            .collect(Collectors.groupingBy(
                    cells -> cells[0],
                    Collectors.mapping(
                            cells -> new Template(words(cells[1]), Integer.parseInt(cells[2]), words(cells[3])),
                            Collectors.toList())));

    private OperatorTemplates() {}

    /** What an operator takes and gives. */
    record Template(List<String> operands, int outputs, List<String> attributes) {}

    private static List<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    /** Sensible uses of an operator; the table lacks families of operators. */
    static List<Template> of(OpType op) {
        List<Template> known = BY_NAME.get(op.name());
        if (known != null) {
            return known;
        }
        if (op.name().startsWith("Reduce")) {
            return List.of(template("f2,3,4 i:1", "keepdims=0 noop_with_empty_axes=1"), template("f2,3,4", "axes=[1]"));
        }
        if (op.name().startsWith("Arg") || op.name().endsWith("max")) {
            return List.of(template("f2,3", "axis=1 keepdims=0 select_last_index=1"));
        }
        return switch (op.maxInputs()) {
            case 1 -> List.of(template("f2,3", "alpha=0.5 beta=0.5"), template("b2,3", ""), template("i:1,-2", ""));
            case 2 ->
                List.of(
                        template("f2,3 f3", "axis=1 broadcast=1"),
                        template("i:1,2 i:3,4", "direction=LEFT|RIGHT|x"),
                        template("b2,3 b3", ""));
            default -> List.of(template("f2,3 f3 f2,1", ""));
        };
    }

    private static Template template(String operands, String attributes) {
        return new Template(words(operands), 1, words(attributes));
    }
}
