package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.Einsum;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.OneNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EinsumTest {
    private static final Tensor A = Tensor.ofFloats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    private static final Tensor SQUARE = Tensor.ofFloats(Shape.of(2, 2), 1, 2, 3, 4);

    @Test
    void run_matrixProduct_sumsOverSharedLabel() {
        Tensor b = Tensor.ofFloats(Shape.of(3, 2), 1, 0, 0, 1, 1, 1);

        Tensor y = OneNode.run(new Einsum("ij, jk -> ik"), A, b);

        assertEquals(Shape.of(2, 2), y.shape());
        assertArrayEquals(new float[] {4, 5, 10, 11}, y.toFloats());
    }

    @Test
    void run_noArrow_sortsSingleLabels() {
        assertArrayEquals(
                new float[] {1, 4, 2, 5, 3, 6}, OneNode.run(new Einsum("ba"), A).toFloats());
        assertArrayEquals(new float[] {5}, OneNode.run(new Einsum("ii"), SQUARE).toFloats());
    }

    @Test
    void run_repeatedLabel_takesDiagonal() {
        assertArrayEquals(
                new float[] {1, 4}, OneNode.run(new Einsum("ii->i"), SQUARE).toFloats());
    }

    @Test
    void run_ellipsis_broadcasts() {
        Tensor batch = Tensor.ofFloats(Shape.of(2, 1, 2), 1, 1, 2, 2);

        Tensor y = OneNode.run(
                new Einsum("...ij,...j->...i"),
                A.reshape(Shape.of(1, 2, 3)),
                Tensor.ofFloats(Shape.of(2, 3), 1, 1, 1, 0, 0, 1));

        assertEquals(Shape.of(2, 2), y.shape());
        assertArrayEquals(new float[] {6, 15, 3, 6}, y.toFloats());
        assertArrayEquals(
                new float[] {2, 4},
                OneNode.run(new Einsum("...i->..."), batch.reshape(Shape.of(2, 2)))
                        .toFloats());
    }

    @Test
    void run_integers_areExact() {
        Tensor x = Tensor.ofLongs(Shape.of(2), Long.MAX_VALUE, 3);

        Tensor y = OneNode.run(new Einsum("i,i->i"), x, Tensor.ofLongs(Shape.of(2), 2, 5));

        assertEquals(DType.S64, y.dtype());
        assertArrayEquals(new long[] {-2, 15}, y.toLongs());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ij,j->i", "ijk->i", "ij->k", "ij->ii", "i#->i", "ii->i"})
    void run_malformedEquation_isInvalid(String equation) {
        Einsum einsum = new Einsum(equation);

        assertThrows(ModelException.class, () -> OneNode.run(einsum, A));
    }
}
