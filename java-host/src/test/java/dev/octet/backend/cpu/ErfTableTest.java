package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErfTableTest {
    /** What the table's documentation promises, relative. */
    private static final double TOLERANCE = 1e-14;

    private final ErfTable table = new ErfTable();

    @Test
    void erf_denseArguments_equalsRationalApproximation() {
        for (int i = -70_000; i <= 70_000; i++) {
            double x = i / 10_000.0;
            double expected = ErrorFunction.erf(x);

            assertEquals(expected, table.erf(x), Math.abs(expected) * TOLERANCE, "x " + x);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-30, 1e-10, 1e-5, 1.0 / 64, 3.0 / 64})
    void erf_smallArguments_keepRelativeAccuracy(double x) {
        double expected = ErrorFunction.erf(x);

        assertEquals(expected, table.erf(x), expected * TOLERANCE);
    }

    @Test
    void erf_specialArguments_areKept() {
        assertEquals(1, table.erf(Double.POSITIVE_INFINITY));
        assertEquals(-1, table.erf(Double.NEGATIVE_INFINITY));
        assertTrue(Double.isNaN(table.erf(Double.NaN)));
    }
}
