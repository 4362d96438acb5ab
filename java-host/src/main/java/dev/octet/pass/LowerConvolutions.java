package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Conv;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QConv;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.Layout;
import java.util.List;
import java.util.Optional;

/**
 * Turns Conv between DequantizeLinear and QuantizeLinear into {@link QConv}, with bias, residual Add, Relu and Clip
 * fused. Without a QuantizeLinear behind, the result is real. A Conv whose weight is not symmetric, whose bias is not
 * constant, or whose accumulator could overflow stays float.
 */
public final class LowerConvolutions implements Pass {
    private final Evaluator evaluator;

    public LowerConvolutions(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(graph, (current, node) -> lower(current, node, shapes));
    }

    private static Optional<Graph> lower(Graph graph, Node node, TrialShapes shapes) {
        if (!(node.op() instanceof Conv conv)) {
            return Optional.empty();
        }
        Optional<Qdq.Dequantized> x = Qdq.byteSource(graph, node.input(0));
        Optional<IntegerWeight> weight = IntegerWeight.of(graph, node.input(1), 0);
        if (x.isEmpty() || weight.isEmpty()) {
            return Optional.empty();
        }
        QuantParams.PerTensor input = x.get().bytePerTensor().orElseThrow();
        float[] scales =
                IntegerProduct.accumulatorScales(input.scale(), weight.get().scales());
        int channels = Math.toIntExact(weight.get().values().shape().dim(0));
        Optional<IntegerBias> bias =
                node.hasInput(2) ? IntegerBias.of(graph, node.input(2), 1, scales, channels) : Optional.empty();
        long[] bounds = weight.get().accumulatorBounds(0, IntegerProduct.largestDistance(input));
        if ((node.hasInput(2) && bias.isEmpty()) || !IntegerBias.fits(bounds, bias)) {
            return Optional.empty();
        }
        Tail tail = Tail.behind(graph, node.output(), shapes);
        Optional<Epilogue> epilogue = tail.epilogue(input.scale(), weight.get().scales());
        if (epilogue.isEmpty()) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        QConv op = new QConv(conv.window(), conv.group(), input.zeroPoint(), Layout.CHANNELS_FIRST, epilogue.get());
        IntegerProduct product = new IntegerProduct(
                x.get().value(),
                input,
                weight.get().constant(edit),
                weight.get().scales(),
                bias);
        return Optional.of(product.replace(edit, node, op, List.of(), tail));
    }
}
