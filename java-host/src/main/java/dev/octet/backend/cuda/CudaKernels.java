package dev.octet.backend.cuda;

import static java.util.Map.entry;

import dev.octet.graph.Op;
import dev.octet.graph.op.Activation;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.Cast;
import dev.octet.graph.op.CastLike;
import dev.octet.graph.op.Clip;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.graph.op.Expand;
import dev.octet.graph.op.Flatten;
import dev.octet.graph.op.Gather;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.Identity;
import dev.octet.graph.op.Pad;
import dev.octet.graph.op.QBinary;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QLookup;
import dev.octet.graph.op.QMatMul;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.graph.op.Reshape;
import dev.octet.graph.op.Slice;
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
            entry(Binary.class, List.of(BinaryCuda.BINARY)),
            entry(Cast.class, List.of(CastCuda.ROW)),
            entry(CastLike.class, List.of(CastCuda.ROW)),
            entry(Clip.class, List.of(UnaryCuda.ROW)),
            entry(Concat.class, List.of(MoveCuda.CONCAT)),
            entry(DepthToSpace.class, List.of(MoveCuda.DEPTH_TO_SPACE)),
            entry(DequantizeLinear.class, List.of(QuantizeCuda.DEQUANTIZE)),
            entry(DynamicQuantizeLinear.class, List.of(DynamicQuantizeCuda.ROW)),
            entry(Expand.class, List.of(MoveCuda.REPEAT)),
            entry(Flatten.class, List.of(ReshapeCuda.ROW)),
            entry(Gather.class, List.of(GatherCuda.ROW)),
            entry(Gelu.class, List.of(UnaryCuda.ROW)),
            entry(Identity.class, List.of(ReshapeCuda.ROW)),
            entry(Pad.class, List.of(PadCuda.ROW)),
            entry(QBinary.class, List.of(QBinaryCuda.ROW)),
            entry(QConv.class, List.of(QDepthwiseCuda.ROW, QConvCuda.ROW)),
            entry(QLookup.class, List.of(QLookupCuda.ROW)),
            entry(QMatMul.class, List.of(QMatMulCuda.ROW, QMatMulPairCuda.ROW)),
            entry(QuantizeLinear.class, List.of(QuantizeCuda.QUANTIZE)),
            entry(Reshape.class, List.of(ReshapeCuda.ROW)),
            entry(Slice.class, List.of(MoveCuda.SLICE)),
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
