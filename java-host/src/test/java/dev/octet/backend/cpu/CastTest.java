package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.graph.op.Cast;
import dev.octet.graph.op.CastLike;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.SmallFloat.PowerRounding;
import dev.octet.tensor.Tensor;
import dev.octet.testing.OneNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CastTest {
    private static Tensor cast(Tensor x, DType to) {
        return OneNode.run(new Cast(to), x);
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void cast_zeroAndOne_surviveEveryPair(DType from) {
        for (DType to : DType.values()) {
            // A power of two is never zero.
            int first = from == DType.F8E8M0 || to == DType.F8E8M0 ? 1 : 0;
            Tensor x = Tensor.allocate(from, Shape.of(3));
            for (int i = 0; i < 3; i++) {
                x.setLong(i, i == 1 ? 1 : first);
            }

            long[] actual = cast(x, to).toLongs();

            assertArrayEquals(new long[] {first, 1, first}, actual, from + " to " + to);
        }
    }

    @Test
    void cast_floatToInteger_truncatesTowardZero() {
        Tensor x = Tensor.ofFloats(Shape.of(4), -1.9f, 1.9f, -128.5f, 127.99f);

        assertArrayEquals(new long[] {-1, 1, -128, 127}, cast(x, DType.S8).toLongs());
    }

    @Test
    void cast_integerToNarrower_keepsLowBits() {
        Tensor x = Tensor.ofInts(Shape.of(3), 200, -129, 0x1FF);

        assertArrayEquals(new long[] {-56, 127, -1}, cast(x, DType.S8).toLongs());
        assertArrayEquals(new long[] {8, 15, 15}, cast(x, DType.U4).toLongs());
        assertArrayEquals(new long[] {0, -1, -1}, cast(x, DType.S2).toLongs());
    }

    @Test
    void cast_floatToBool_isNonZero() {
        Tensor x = Tensor.ofFloats(Shape.of(4), 0, -0f, 0.25f, Float.NaN);

        assertArrayEquals(new long[] {0, 0, 1, 1}, cast(x, DType.BOOL).toLongs());
    }

    @Test
    void cast_doubleToHalf_roundsOnce() {
        // Just above the middle of 1 and its successor; fp32 rounds it to the middle itself.
        Tensor x = Tensor.scalar(DType.F64, 1 + 0x1p-11 + 0x1p-40);

        assertEquals(1 + 0x1p-10, cast(x, DType.F16).getDouble(0));
    }

    @Test
    void cast_longToFloat_roundsOnce() {
        // Just above the middle of 2^60 and its successor in fp32; fp64 rounds it to the middle itself.
        long value = (1L << 60) + (1L << 36) + 1;
        Tensor unsigned = Tensor.scalar(DType.U64, 0);
        unsigned.setLong(0, value << 3 | 1);

        assertEquals(
                0x1p60f + 0x1p37f,
                cast(Tensor.ofLongs(Shape.SCALAR, value), DType.F32).getFloat(0));
        assertEquals(0x1p63f + 0x1p40f, cast(unsigned, DType.F32).getFloat(0));
    }

    @ParameterizedTest
    @CsvSource({
        "F8E4M3FN, true, 448",
        "F8E4M3FN, false, NaN",
        "F8E4M3FNUZ, true, 240",
        "F8E4M3FNUZ, false, NaN",
        "F8E5M2, true, 57344",
        "F8E5M2, false, Infinity",
        "F8E5M2FNUZ, true, 57344",
        "F8E5M2FNUZ, false, NaN",
        "F4E2M1, true, 6"
    })
    void cast_tooLarge_followsSaturate(DType to, boolean saturate, float expected) {
        Tensor x = Tensor.ofFloats(Shape.of(2), 1e6f, Float.POSITIVE_INFINITY);

        Tensor y = OneNode.run(new Cast(to, saturate, PowerRounding.UP), x);

        assertArrayEquals(new float[] {expected, expected}, y.toFloats());
    }

    @ParameterizedTest
    @CsvSource({
        "UP, true, 1.1, 2",
        "DOWN, true, 1.9, 1",
        "NEAREST, true, 1.49, 1",
        "NEAREST, true, 1.5, 2",
        "UP, true, 3e38, 1.7014118e38",
        "UP, false, 3e38, NaN",
        "UP, true, 0, 5.877472e-39",
        "NEAREST, false, 0, NaN",
        "UP, true, Infinity, 1.7014118e38",
        "UP, true, NaN, NaN"
    })
    void cast_toPowerOfTwo_followsRoundMode(PowerRounding mode, boolean saturate, float x, float expected) {
        Tensor y = OneNode.run(new Cast(DType.F8E8M0, saturate, mode), Tensor.scalar(x));

        assertEquals(expected, y.getFloat(0));
    }

    @Test
    void castLike_emptyTarget_givesItsType() {
        Tensor x = Tensor.ofFloats(Shape.of(3), 1, 2, 3);

        Tensor y = OneNode.run(new CastLike(true, PowerRounding.UP), x, Tensor.allocate(DType.S4, Shape.of(0)));

        assertEquals(DType.S4, y.dtype());
        assertArrayEquals(new long[] {1, 2, 3}, y.toLongs());
    }
}
