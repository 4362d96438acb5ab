package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.Clip;
import dev.octet.graph.op.Dropout;
import dev.octet.graph.op.Mod;
import dev.octet.graph.op.Variadic;
import dev.octet.graph.op.VariadicFunction;
import dev.octet.graph.op.Where;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clip, Dropout, Max and its kin, Mod, Where. */
class ElementwiseTest {
    private static Tensor unsigned64(long... values) {
        Tensor tensor = Tensor.allocate(DType.U64, Shape.of(values.length));
        for (int i = 0; i < values.length; i++) {
            tensor.setLong(i, values[i]);
        }
        return tensor;
    }

    @Test
    void clip_onlyHigh_leavesLowOpen() {
        List<Optional<Tensor>> inputs = List.of(
                Optional.of(Tensor.ofFloats(Shape.of(4), -9, 0, 7, Float.NaN)),
                Optional.empty(),
                Optional.of(Tensor.scalar(6)));

        Tensor y = OneNode.run(new Clip(), 1, OneNode.Known.NOTHING, inputs).get(0);

        assertArrayEquals(new float[] {-9, 0, 6, Float.NaN}, y.toFloats());
    }

    @Test
    void clip_lowAboveHigh_givesHigh() {
        Tensor y = OneNode.run(new Clip(), Tensor.ofFloats(Shape.of(2), -9, 9), Tensor.scalar(3), Tensor.scalar(2));

        assertArrayEquals(new float[] {2, 2}, y.toFloats());
    }

    @Test
    void clip_unsigned64_comparesUnsigned() {
        Tensor y = OneNode.run(
                new Clip(),
                unsigned64(1, 5, -1),
                Tensor.scalar(DType.U64, 2),
                unsigned64(-3).reshape(Shape.SCALAR));

        assertArrayEquals(new long[] {2, 5, -3}, y.toLongs());
    }

    @Test
    void clip_limitOfOtherType_isInvalid() {
        Tensor x = Tensor.ofInts(Shape.of(1), 1);
        Tensor low = Tensor.scalar(0);

        assertThrows(ModelException.class, () -> OneNode.run(new Clip(), x, low));
    }

    @Test
    void dropout_inference_copiesAndMasksNothing() {
        long seed = 9;
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(3, 5), 1, seed);

        List<Tensor> outputs = OneNode.run(new Dropout(), 2, OneNode.Known.NOTHING, OneNode.present(x));

        assertTrue(x.contentEquals(outputs.get(0)), "seed " + seed);
        assertEquals(DType.BOOL, outputs.get(1).dtype());
        assertEquals(15, java.util.Arrays.stream(outputs.get(1).toLongs()).sum());
    }

    @Test
    void dropout_training_isUnsupported() {
        Tensor x = Tensor.scalar(1);
        Tensor training = Tensor.scalar(DType.BOOL, 1);

        ModelException e = assertThrows(ModelException.class, () -> OneNode.run(new Dropout(), x, x, training));

        assertEquals(ModelException.Kind.UNSUPPORTED, e.kind());
    }

    @ParameterizedTest
    @EnumSource(VariadicFunction.class)
    void variadic_broadcast_combinesAll(VariadicFunction function) {
        Tensor a = Tensor.ofFloats(Shape.of(2, 1), 1, -4);
        Tensor b = Tensor.ofFloats(Shape.of(3), 0, 2, -8);
        Tensor c = Tensor.scalar(0.5f);

        Tensor y = OneNode.run(new Variadic(function), a, b, c);

        float[] expected = switch (function) {
            case MAX -> new float[] {1, 2, 1, 0.5f, 2, 0.5f};
            case MIN -> new float[] {0, 0.5f, -8, -4, -4, -8};
            case SUM -> new float[] {1.5f, 3.5f, -6.5f, -3.5f, -1.5f, -11.5f};
            case MEAN -> new float[] {0.5f, 3.5f / 3, -6.5f / 3, -3.5f / 3, -0.5f, -11.5f / 3};
        };
        assertEquals(Shape.of(2, 3), y.shape());
        assertArrayEquals(expected, y.toFloats());
    }

    @Test
    void variadic_oneInput_copies() {
        Tensor y = OneNode.run(new Variadic(VariadicFunction.MEAN), Tensor.ofFloats(Shape.of(2), 3, 4));

        assertArrayEquals(new float[] {3, 4}, y.toFloats());
    }

    @Test
    void variadic_unsigned64_comparesUnsigned() {
        Tensor y = OneNode.run(new Variadic(VariadicFunction.MAX), unsigned64(1, -1), unsigned64(2, 7));

        assertArrayEquals(new long[] {2, -1}, y.toLongs());
    }

    @ParameterizedTest
    @CsvSource({"true, -7, 3, -1", "false, -7, 3, 2", "false, 7, -3, -2", "true, 7, -3, 1", "false, -6, 3, 0"})
    void mod_signs_followFmod(boolean fmod, int a, int b, int expected) {
        Tensor integers = OneNode.run(new Mod(fmod), Tensor.ofInts(Shape.SCALAR, a), Tensor.ofInts(Shape.SCALAR, b));
        Tensor floats = OneNode.run(new Mod(fmod), Tensor.scalar(a), Tensor.scalar(b));

        assertEquals(expected, integers.getLong(0));
        assertEquals(expected, floats.getFloat(0), 0f);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BOOL", "S8", "F16", "F32", "S64"})
    void where_broadcast_choosesBits(DType dtype) {
        Tensor condition = Tensor.ofBytes(DType.BOOL, Shape.of(2, 1), (byte) 1, (byte) 0);
        Tensor a = Tensor.scalar(dtype, 1);
        Tensor b = Tensor.allocate(dtype, Shape.of(3));
        b.setLong(1, 1);

        Tensor y = OneNode.run(new Where(), condition, a, b);

        assertEquals(dtype, y.dtype());
        assertArrayEquals(new long[] {1, 1, 1, 0, 1, 0}, y.toLongs());
    }
}
