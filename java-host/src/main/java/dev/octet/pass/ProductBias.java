package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * What a MatMul or Gemm adds to each column.
 *
 * @param absorbed the Add that it was taken from, if any
 * @param output the value behind the bias
 */
record ProductBias(Optional<IntegerBias> values, List<Node> absorbed, String output) {
    /**
     * The bias of a product with a constant weight [..., K, N]: a Gemm's c, or the vector of an Add behind a MatMul.
     *
     * @param rank of the product, -1 if it is not known
     * @return empty if a Gemm has a c that cannot be such a bias
     */
    static Optional<ProductBias> of(
            Graph graph, Node node, float beta, float inputScale, IntegerWeight weight, int rank) {
        int columns = Math.toIntExact(weight.values().shape().dim(-1));
        float[] scales = IntegerProduct.accumulatorScales(inputScale, weight.scales());
        ProductBias none = new ProductBias(Optional.empty(), List.of(), node.output());
        if (node.hasInput(2)) {
            return IntegerBias.of(graph, node.input(2), beta, scales, columns)
                    .map(bias -> new ProductBias(Optional.of(bias), List.of(), node.output()));
        }
        Optional<Node> add = graph.onlyConsumer(node.output()).filter(next -> Operators.is(next, "Add"));
        if (add.isEmpty()) {
            return Optional.of(none);
        }
        String other = add.get().input(add.get().input(0).equals(node.output()) ? 1 : 0);
        Optional<Shape> shape = constantShape(graph, other);
        boolean vector = shape.isPresent()
                && shape.get().rank() <= Math.max(rank, 1)
                && shape.get().elementCount() == columns
                && shape.get().rank() > 0
                && shape.get().dim(-1) == columns
                && graph.dtype(other) == DType.F32;
        Optional<IntegerBias> bias = vector ? IntegerBias.of(graph, other, 1, scales, columns) : Optional.empty();
        return Optional.of(bias.map(values -> new ProductBias(
                        Optional.of(values), List.of(add.get()), add.get().output()))
                .orElse(none));
    }

    private static Optional<Shape> constantShape(Graph graph, String value) {
        Optional<Tensor> integers = Qdq.source(graph, value).flatMap(source -> graph.constant(source.value()));
        return integers.or(() -> graph.constant(value)).map(Tensor::shape);
    }
}
