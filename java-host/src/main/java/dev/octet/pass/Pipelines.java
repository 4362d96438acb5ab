package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.quant.QuantParams;
import java.util.List;
import java.util.Map;

/** The passes in the order in which they run. */
public final class Pipelines {
    private Pipelines() {}

    /** The canonical float graph, still of ONNX's own operators: what is calibrated, compared and written. */
    public static List<Pass> floatGraph(Evaluator evaluator) {
        return List.of(
                new SpellEinsum(),
                FoldConstants.keepingQuantized(evaluator),
                new RemoveIdentities(),
                new FoldBatchNorm(evaluator),
                new FoldChannelArithmetic(),
                new NormalizeGemm());
    }

    /**
     * From a float graph to a standard Q/DQ graph.
     *
     * @param activations see {@link ActivationParams}
     * @param means for {@link CorrectBias}; empty to leave biases as they are
     */
    public static List<Pass> quantize(
            QuantizationOptions options, Map<String, QuantParams.PerTensor> activations, Map<String, float[]> means) {
        return List.of(new CorrectBias(options, means), new InsertQdq(options, activations), new CastToHalf(options));
    }

    /** From a float or Q/DQ graph to the operators that run: integer ones where Q/DQ allows, fused, channels last. */
    public static List<Pass> lower(Evaluator evaluator) {
        return List.of(
                FoldConstants.keepingQuantized(evaluator),
                new RemoveIdentities(),
                new SplitTransposedConvolutions(evaluator),
                new SpellBatchNorm(evaluator),
                new SpellLocalResponse(evaluator),
                new PropagateQdq(),
                FoldConstants.keepingQuantized(evaluator),
                new LowerConvolutions(evaluator),
                new LowerProducts(evaluator),
                new LowerAveragePools(evaluator),
                new LowerElementwise(evaluator),
                new LowerArithmetic(),
                new FuseMatMulInteger(),
                FoldConstants.all(evaluator),
                new FuseConvActivation(evaluator),
                new ChannelsLast(),
                new SinkTransposes(),
                // Where a Transpose stays it had better move bytes than floats.
                new PropagateQdq(),
                // Only now: before, tables are made from the nodes that the model has, and Transposes pass these.
                new FuseLayerNorm(evaluator),
                new FuseGelu(),
                FoldConstants.all(evaluator));
    }

    /**
     * From operators that run anywhere to those that only a backend with fused kernels has.
     *
     * @see dev.octet.runtime.Backend#isFusing
     */
    public static List<Pass> fuse(Evaluator evaluator) {
        return List.of(
                new FoldTransposes(evaluator),
                new SoftmaxOverLast(evaluator),
                new FuseScaledSoftmax(evaluator),
                new FuseMatMul(evaluator),
                new FuseQuantized(evaluator),
                // Last: what is left of elementwise operators belongs to no product, softmax or norm.
                new FusePointwise(evaluator));
    }
}
