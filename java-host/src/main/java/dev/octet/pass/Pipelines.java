package dev.octet.pass;

import dev.octet.graph.Evaluator;
import java.util.List;

/** The passes in the order in which they run. */
public final class Pipelines {
    private Pipelines() {}

    /** The canonical float graph, still of ONNX's own operators: what is calibrated, compared and written. */
    public static List<Pass> floatGraph(Evaluator evaluator) {
        return List.of(
                FoldConstants.keepingQuantized(evaluator),
                new RemoveIdentities(),
                new FoldBatchNorm(evaluator),
                new FoldChannelArithmetic());
    }
}
