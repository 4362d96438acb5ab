package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Cast;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.graph.op.MatMulInteger;
import dev.octet.graph.op.MatMulIntegerToFloat;
import dev.octet.quant.Quantizer;
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
                || graph.onlyConsumer(sums).isEmpty()
                || graph.onlyConsumer(product.get().output()).isEmpty()) {
            return Optional.empty();
        }
        Optional<Node> quantized = graph.producer(product.get().input(0))
                .filter(node -> node.op() instanceof DynamicQuantizeLinear
                        && node.outputs().get(0).equals(product.get().input(0))
                        && node.outputs().get(2).equals(product.get().input(2)));
        Optional<Node> factors = graph.producer(scales).filter(node -> Operators.is(node, "Mul"));
        Optional<Tensor> matrix = graph.constant(product.get().input(1))
                .filter(tensor -> tensor.shape().rank() == 2);
        if (quantized.isEmpty() || matrix.isEmpty() || factors.isEmpty()) {
            return Optional.empty();
        }
        String aScale = quantized.get().outputs().get(1);
        Optional<String> bScale = Scalars.other(factors.get(), aScale)
                .filter(name -> graph.constant(name)
                        .filter(scale -> scale.dtype() == DType.F32
                                && isAlong(scale.shape(), matrix.get().shape()))
                        .isPresent());
        // Only now: making the matrix takes time for each of its elements.
        Optional<Tensor> b =
                bScale.flatMap(_ -> zeroPoints(graph, product.get()).flatMap(zeros -> signed(matrix.get(), zeros)));
        if (bScale.isEmpty() || b.isEmpty()) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        edit.remove(cast.get());
        edit.remove(product.get());
        edit.remove(scaled);
        String a = product.get().input(0);
        boolean halved = b.get().shape().dim(0) != matrix.get().shape().dim(0);
        String left = halved ? edit.addNode(a + "/twice", new Concat(-1), a, a) : a;
        String weight = edit.addConstant(product.get().input(1) + "/signed", b.get());
        List<String> inputs = List.of(left, weight, aScale, product.get().input(2), bScale.get());
        edit.put(new Node(product.get().name(), new MatMulIntegerToFloat(), inputs, scaled.outputs()));
        return Optional.of(edit.apply());
    }

    /** One scale, or one a column, of such a rank that it adds no axis. */
    private static boolean isAlong(Shape scale, Shape b) {
        return scale.rank() <= 1 && (scale.elementCount() == 1 || scale.elementCount() == b.dim(-1));
    }

    /** The zero points of the product's matrix, if they are constant. */
    private static Optional<Tensor> zeroPoints(Graph graph, Node product) {
        return product.hasInput(3)
                ? graph.constant(product.input(3))
                : Optional.of(Tensor.allocate(graph.dtype(product.input(1)), Shape.SCALAR));
    }

    /**
     * The matrix less its zero points in s8. Where that does not fit, its halves above one another, for a left
     * operand that is joined to itself, unless sums over both could then leave int32.
     */
    private static Optional<Tensor> signed(Tensor matrix, Tensor zeroPoints) {
        int[] values = differences(matrix, zeroPoints);
        long depth = matrix.shape().dim(0);
        long columns = matrix.shape().dim(1);
        if (IntStream.of(values).allMatch(value -> value == (byte) value)) {
            return Optional.of(bytes(values, Shape.of(depth, columns)));
        }
        if (2 * depth > Quantizer.MAX_K_U8S8) {
            return Optional.empty();
        }
        int[] halves = IntStream.concat(
                        IntStream.of(values).map(value -> value / 2),
                        IntStream.of(values).map(value -> value - value / 2))
                .toArray();
        return IntStream.of(halves).allMatch(value -> value == (byte) value)
                ? Optional.of(bytes(halves, Shape.of(2 * depth, columns)))
                : Optional.empty();
    }

    private static int[] differences(Tensor b, Tensor zeroPoints) {
        int columns = Math.toIntExact(b.shape().dim(1));
        boolean perColumn = zeroPoints.elementCount() != 1;
        int[] values = new int[Math.toIntExact(b.elementCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.toIntExact(b.getLong(i) - zeroPoints.getLong(perColumn ? i % columns : 0));
        }
        return values;
    }

    private static Tensor bytes(int[] values, Shape shape) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Tensor.ofBytes(DType.S8, shape, bytes);
    }
}
