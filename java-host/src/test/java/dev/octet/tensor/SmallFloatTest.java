package dev.octet.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SmallFloatTest {
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F8E4M3FN", "F8E4M3FNUZ", "F8E5M2", "F8E5M2FNUZ", "F8E8M0", "F4E2M1"})
    void encode_everyCode_roundTrips(DType dtype) {
        for (int code = 0; code < 1 << dtype.bits(); code++) {
            float value = SmallFloat.decode(dtype, code);
            int back = SmallFloat.encode(dtype, value, false);

            if (Float.isNaN(value)) {
                assertTrue(Float.isNaN(SmallFloat.decode(dtype, back)), dtype + " code " + code);
            } else {
                assertEquals(code, back, dtype + " value " + value);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F8E4M3FN", "F8E4M3FNUZ", "F8E5M2", "F8E5M2FNUZ", "F4E2M1"})
    void encode_finite_isNearestOfAllCodes(DType dtype) {
        long seed = 17;
        Random random = new Random(seed);
        for (int trial = 0; trial < 2000; trial++) {
            float value = (float) Math.scalb(random.nextDouble() * 2 - 1, random.nextInt(24) - 18);
            if (Math.abs(value) > 6) {
                continue;
            }
            double best = Double.POSITIVE_INFINITY;
            for (int code = 0; code < 1 << dtype.bits(); code++) {
                double error = Math.abs((double) SmallFloat.decode(dtype, code) - value);
                best = error < best ? error : best;
            }

            float actual = SmallFloat.decode(dtype, SmallFloat.encode(dtype, value, true));

            assertEquals(best, Math.abs((double) actual - value), "seed " + seed + " value " + value);
        }
    }

    @ParameterizedTest
    @CsvSource({"F8E4M3FN, 1.0625, 1", "F8E4M3FN, 1.1875, 1.25", "F4E2M1, 0.25, 0", "F4E2M1, 0.75, 1", "F4E2M1, 5, 4"})
    void encode_tie_goesToEven(DType dtype, float value, float expected) {
        assertEquals(expected, SmallFloat.decode(dtype, SmallFloat.encode(dtype, value, true)));
    }
}
