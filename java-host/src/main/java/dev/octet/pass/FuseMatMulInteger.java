package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Cast;
import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.graph.op.MatMulInteger;
import dev.octet.graph.op.MatMulIntegerToFloat;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes one operator of a dynamically quantized matrix product: DynamicQuantizeLinear, MatMulInteger with a constant
 * matrix, Cast to f32 and Mul with the product of both scales, as ONNX Runtime's {@code quantize_dynamic} writes them.
 */
final class FuseMatMulInteger implements Pass {
    @Override
    public Graph apply(Graph graph) {
        return Rewriting.everywhere(graph, FuseMatMulInteger::fuse);
    }

    private static Optional<Graph> fuse(Graph graph, Node scaled) {
        if (!Operators.is(scaled, "Mul")) {
            return Optional.empty();
        }
        return IntStream.range(0, 2)
                .mapToObj(i -> fuse(graph, scaled, scaled.input(i), scaled.input(1 - i)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Graph> fuse(Graph graph, Node scaled, String sums, String scales) {
        Optional<Node> cast = graph.producer(sums).filter(node -> node.op() instanceof Cast c && c.to() == DType.F32);
        Optional<Node> product = cast.flatMap(node -> graph.producer(node.input(0)))
                .filter(node -> node.op() instanceof MatMulInteger && node.hasInput(2));
        if (product.isEmpty()
                || !isOnlyRead(graph, sums)
                || !isOnlyRead(graph, product.get().output())) {
            return Optional.empty();
        }
        Optional<Node> quantized = graph.producer(product.get().input(0))
                .filter(node -> node.op() instanceof DynamicQuantizeLinear
                        && node.outputs().get(0).equals(product.get().input(0))
                        && node.outputs().get(2).equals(product.get().input(2)));
        Optional<Tensor> b = signed(graph, product.get());
        Optional<Node> factors = graph.producer(scales).filter(node -> Operators.is(node, "Mul"));
        if (quantized.isEmpty() || b.isEmpty() || factors.isEmpty()) {
            return Optional.empty();
        }
        String aScale = quantized.get().outputs().get(1);
        Optional<String> bScale = Scalars.other(factors.get(), aScale)
                .filter(name -> graph.constant(name)
                        .filter(scale -> scale.dtype() == DType.F32 && isAlong(scale.shape(), b.get()))
                        .isPresent());
        if (bScale.isEmpty()) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        edit.remove(cast.get());
        edit.remove(product.get());
        edit.remove(scaled);
        String weight = edit.addConstant(product.get().input(1) + "/signed", b.get());
        List<String> inputs =
                List.of(product.get().input(0), weight, aScale, product.get().input(2), bScale.get());
        edit.put(new Node(product.get().name(), new MatMulIntegerToFloat(), inputs, scaled.outputs()));
        return Optional.of(edit.apply());
    }

    private static boolean isOnlyRead(Graph graph, String value) {
        return !graph.isOutput(value) && graph.onlyConsumer(value).isPresent();
    }

    /** One scale, or one a column, of such a rank that it adds no axis. */
    private static boolean isAlong(Shape scale, Tensor b) {
        return scale.rank() <= 1
                && (scale.elementCount() == 1
                        || scale.elementCount() == b.shape().dim(-1));
    }

    /** The constant matrix less its zero points, if that fits in s8. */
    private static Optional<Tensor> signed(Graph graph, Node product) {
        Optional<Tensor> b =
                graph.constant(product.input(1)).filter(m -> m.shape().rank() == 2);
        Optional<Tensor> zeroPoints = product.hasInput(3)
                ? graph.constant(product.input(3))
                : b.map(m -> Tensor.allocate(m.dtype(), Shape.SCALAR));
        if (b.isEmpty() || zeroPoints.isEmpty()) {
            return Optional.empty();
        }
        long columns = b.get().shape().dim(1);
        boolean perColumn = zeroPoints.get().elementCount() != 1;
        Tensor signed = Tensor.allocate(DType.S8, b.get().shape());
        for (long i = 0; i < signed.elementCount(); i++) {
            long value = b.get().getLong(i) - zeroPoints.get().getLong(perColumn ? i % columns : 0);
            if (value != (byte) value) {
                return Optional.empty();
            }
            signed.setLong(i, value);
        }
        return Optional.of(signed);
    }
}
