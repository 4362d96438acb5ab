package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.Gemm;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.QMatMul;
import dev.octet.graph.op.Transpose;
import dev.octet.quant.QuantParams;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Turns MatMul and Gemm of dequantized operands into {@link QMatMul}: a constant bias behind a MatMul, a residual Add,
 * Relu, Clip and QuantizeLinear are fused. Two activations may be multiplied as well. What cannot be exact (a weight
 * that is not symmetric, a c that is no vector, an accumulator that could overflow) stays float.
 */
public final class LowerProducts implements Pass {
    private static final long[] SWAP = {1, 0};

    private final Evaluator evaluator;

    public LowerProducts(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(graph, (current, node) -> lower(current, node, shapes));
    }

    private static Optional<Graph> lower(Graph graph, Node node, TrialShapes shapes) {
        if (!(node.op() instanceof MatMul || node.op() instanceof Gemm)) {
            return Optional.empty();
        }
        Gemm gemm = node.op() instanceof Gemm form ? form : new Gemm(1, 1, false, false);
        Optional<Qdq.Dequantized> a = Qdq.byteSource(graph, node.input(0));
        if (a.isEmpty() || !(gemm.alpha() > 0)) {
            return Optional.empty();
        }
        Optional<Qdq.Dequantized> b = Qdq.source(graph, node.input(1));
        boolean constant = b.filter(source -> graph.isConstant(source.value())).isPresent();
        Optional<Graph> weighted = constant ? lowerWeighted(graph, node, gemm, a.get(), shapes) : Optional.empty();
        return weighted.or(() -> b.filter(source -> source.bytePerTensor().isPresent())
                .flatMap(source -> lowerActivations(graph, node, gemm, a.get(), source, shapes)));
    }

    private static Optional<Graph> lowerWeighted(
            Graph graph, Node node, Gemm gemm, Qdq.Dequantized a, TrialShapes shapes) {
        Shape shape = Qdq.source(graph, node.input(1))
                .flatMap(source -> graph.constant(source.value()))
                .orElseThrow()
                .shape();
        Optional<IntegerWeight> weight = shape.rank() < 2
                ? Optional.empty()
                : IntegerWeight.of(graph, node.input(1), gemm.transB() ? 0 : shape.rank() - 1)
                        .map(w -> gemm.transB() ? w.transposed() : w)
                        .map(w -> w.scaledBy(gemm.alpha()));
        if (weight.isEmpty()) {
            return Optional.empty();
        }
        QuantParams.PerTensor input = a.bytePerTensor().orElseThrow();
        Optional<ProductBias> bias =
                ProductBias.of(graph, node, gemm.beta(), input.scale(), weight.get(), shapes.rank(node.output()));
        long[] bounds = weight.get().accumulatorBounds(shape.rank() - 1, IntegerProduct.largestDistance(input));
        if (bias.isEmpty() || !IntegerBias.fits(bounds, bias.get().values())) {
            return Optional.empty();
        }
        Tail tail = Tail.behind(graph, bias.get().output(), shapes);
        float[] scales = weight.get().scales();
        Optional<Epilogue> epilogue = tail.epilogue(input.scale(), scales);
        if (epilogue.isEmpty()) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        QMatMul op = new QMatMul(input.zeroPoint(), 0, epilogue.get());
        IntegerProduct product = new IntegerProduct(
                transposed(edit, a.value(), gemm.transA()),
                input,
                weight.get().constant(edit),
                scales,
                bias.get().values());
        return Optional.of(product.replace(edit, node, op, bias.get().absorbed(), tail));
    }

    private static Optional<Graph> lowerActivations(
            Graph graph, Node node, Gemm gemm, Qdq.Dequantized a, Qdq.Dequantized b, TrialShapes shapes) {
        QuantParams.PerTensor left = a.bytePerTensor().orElseThrow();
        QuantParams.PerTensor right = b.bytePerTensor().orElseThrow();
        Optional<Shape> leftShape = shapes.shape(node.input(0));
        long products = leftShape.isEmpty() || leftShape.get().rank() == 0
                ? Quantizer.MAX_K_U8S8
                : leftShape.get().dim(gemm.transA() ? 0 : -1);
        long bound = products * IntegerProduct.largestDistance(left) * IntegerProduct.largestDistance(right);
        if (node.hasInput(2) || (leftShape.isPresent() && bound > Integer.MAX_VALUE)) {
            return Optional.empty();
        }
        Tail tail = Tail.behind(graph, node.output(), shapes);
        float[] scales = {right.scale() * gemm.alpha()};
        Optional<Epilogue> epilogue = tail.epilogue(left.scale(), scales);
        if (epilogue.isEmpty()) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        QMatMul op = new QMatMul(left.zeroPoint(), right.zeroPoint(), epilogue.get());
        IntegerProduct product = new IntegerProduct(
                transposed(edit, a.value(), gemm.transA()),
                left,
                transposed(edit, b.value(), gemm.transB()),
                scales,
                Optional.empty());
        return Optional.of(product.replace(edit, node, op, List.of(), tail));
    }

    private static String transposed(GraphEdit edit, String value, boolean wanted) {
        return wanted ? edit.addNode(value + "/transposed", new Transpose(SWAP), value) : value;
    }
}
