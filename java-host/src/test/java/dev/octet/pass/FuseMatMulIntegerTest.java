package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.graph.op.MatMulIntegerToFloat;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Dynamically quantized matrix products become one node with the same bits, and what only looks like them does not. */
class FuseMatMulIntegerTest {
    private static final long ROWS = 5;
    private static final long DEPTH = 9;
    private static final long COLUMNS = 6;

    private final TestGraph test = new TestGraph();
    private final Random random = new Random(1);

    private Tensor matrix(DType dtype, int from, int to) {
        Tensor matrix = Tensor.allocate(dtype, Shape.of(DEPTH, COLUMNS));
        for (long i = 0; i < matrix.elementCount(); i++) {
            matrix.setLong(i, random.nextInt(from, to + 1));
        }
        return matrix;
    }

    private static Tensor zero(DType dtype, long... values) {
        Tensor zero = Tensor.allocate(dtype, values.length == 1 ? Shape.SCALAR : Shape.of(values.length));
        for (int i = 0; i < values.length; i++) {
            zero.setLong(i, values[i]);
        }
        return zero;
    }

    /** Ends in the value "y"; {@code swapped}: the factors of both Muls change places. */
    private void product(Tensor matrix, Tensor zeroPoint, Tensor scale, boolean swapped) {
        test.add(new Node("dynamic", new DynamicQuantizeLinear(), List.of("x"), List.of("q", "s", "z")));
        test.constant("w", matrix);
        test.constant("w.zero", zeroPoint);
        test.constant("w.scale", scale);
        test.node("sums", "MatMulInteger", "q", "w", "z", "w.zero");
        test.node("floats", "Cast", Attributes.builder().put("to", 1L).build(), "sums");
        test.node("factors", "Mul", swapped ? new String[] {"w.scale", "s"} : new String[] {"s", "w.scale"});
        test.node("y", "Mul", swapped ? new String[] {"factors", "floats"} : new String[] {"floats", "factors"});
    }

    private void assertSame(Graph graph, boolean fused) {
        Graph lowered = PassRunner.run(Pipelines.lower(GraphRun.EVALUATOR), graph);

        assertThat(lowered.nodes().stream().anyMatch(node -> node.op() instanceof MatMulIntegerToFloat))
                .isEqualTo(fused);
        Map<String, Tensor> input = Map.of("x", TestGraph.randomTensor(new Random(3), 2, ROWS, DEPTH));
        Map<String, Tensor> expected = GraphRun.outputs(graph, input);
        GraphRun.outputs(lowered, input)
                .forEach((name, tensor) -> assertThat(tensor.toFloats())
                        .isEqualTo(Optional.ofNullable(expected.get(name))
                                .orElseThrow()
                                .toFloats()));
    }

    @Test
    void lower_signedMatrixWithOneScale_isOneProduct() {
        test.input("x", 2, ROWS, DEPTH);
        product(matrix(DType.S8, -128, 127), zero(DType.S8, 0), Tensor.scalar(0.03f), false);

        assertSame(test.output("y"), true);
    }

    @Test
    void lower_scalesAndZeroPointsOfColumns_isOneProduct() {
        test.input("x", 2, ROWS, DEPTH);
        Tensor zeros = zero(DType.S8, 1, -2, 0, 0, 3, 4);
        product(matrix(DType.S8, -100, 100), zeros, TestGraph.randomTensor(random, COLUMNS), true);

        assertSame(test.output("y"), true);
    }

    @Test
    void lower_unsignedMatrixAroundItsMiddle_isOneProduct() {
        test.input("x", 2, ROWS, DEPTH);
        product(matrix(DType.U8, 0, 255), zero(DType.U8, 128), Tensor.scalar(0.5f), false);

        assertSame(test.output("y"), true);
    }

    @Test
    void lower_unsignedMatrixThatLeavesEightBits_isOneProductOfHalves() {
        test.input("x", 2, ROWS, DEPTH);
        product(matrix(DType.U8, 0, 255), zero(DType.U8, 3, 250, 60, 127, 129, 1), Tensor.scalar(0.5f), false);

        assertSame(test.output("y"), true);
    }

    @Test
    void lower_matrixWhoseHalvesLeaveEightBits_staysInteger() {
        test.input("x", 2, ROWS, DEPTH);
        Tensor matrix = matrix(DType.U8, 0, 254);
        matrix.setLong(5, 255);
        product(matrix, zero(DType.U8, 0), Tensor.scalar(0.5f), false);

        assertSame(test.output("y"), false);
    }

    @Test
    void lower_sumsThatAreReadBesides_stayInteger() {
        test.input("x", 2, ROWS, DEPTH);
        product(matrix(DType.S8, -128, 127), zero(DType.S8, 0), Tensor.scalar(0.5f), false);

        assertSame(test.output("y", "floats"), false);
    }

    @Test
    void lower_scalesThatDoNotFit_stayInteger() {
        test.input("x", 2, ROWS, DEPTH);
        Tensor perRow = Tensor.ofFloats(Shape.of(ROWS, 1), 1, 2, 3, 4, 5);
        product(matrix(DType.S8, -128, 127), zero(DType.S8, 0), perRow, false);

        assertSame(test.output("y"), false);
    }

    @Test
    void lower_halvesDeeperThanInt32Holds_stayInteger() {
        int depth = Quantizer.MAX_K_U8S8 / 2 + 1;
        Tensor matrix = Tensor.allocate(DType.U8, Shape.of(depth, 1));
        matrix.setLong(0, 200);
        test.input("x", 1, depth);
        product(matrix, zero(DType.U8, 1), Tensor.scalar(0.5f), false);

        Graph graph = test.output("y");
        Graph lowered = PassRunner.run(Pipelines.lower(GraphRun.EVALUATOR), graph);

        Map<String, Tensor> input = Map.of("x", TestGraph.randomTensor(new Random(3), 1, depth));
        assertThat(lowered.nodes()).noneMatch(node -> node.op() instanceof MatMulIntegerToFloat);
        assertThat(GraphRun.outputs(lowered, input)).containsKey("y");
    }
}
