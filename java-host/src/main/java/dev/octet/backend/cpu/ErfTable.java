package dev.octet.backend.cpu;

/**
 * The error function for many fp32 arguments: Taylor polynomials of degree 7 around multiples of 1/32, from the
 * derivatives {@code g'(x) = -2x g(x)} of the Gaussian {@code g = erf'}. With a distance of at most 1/64 the first term
 * left out is below 1e-15; against {@link ErrorFunction} the relative error is below 1e-14.
 */
final class ErfTable {
    private static final int TERMS = 8;
    private static final int STEPS_PER_UNIT = 32;

    /** From here on erf rounds to 1 even in fp64. */
    private static final int END = 6;

    private final double[] coefficients = new double[TERMS * (END * STEPS_PER_UNIT + 1)];

    ErfTable() {
        for (int center = 0; center <= END * STEPS_PER_UNIT; center++) {
            fill(center * TERMS, (double) center / STEPS_PER_UNIT);
        }
    }

    private void fill(int at, double center) {
        double[] derivatives = new double[TERMS];
        derivatives[0] = ErrorFunction.erf(center);
        derivatives[1] = 2 / Math.sqrt(Math.PI) * Math.exp(-center * center);
        for (int n = 2; n < TERMS; n++) {
            double older = n == 2 ? 0 : derivatives[n - 2];
            derivatives[n] = -2 * center * derivatives[n - 1] - 2 * (n - 2) * older;
        }
        double factorial = 1;
        for (int n = 0; n < TERMS; n++) {
            factorial *= Math.max(1, n);
            coefficients[at + n] = derivatives[n] / factorial;
        }
    }

    double erf(double x) {
        double size = Math.abs(x);
        if (size >= END) {
            return Math.signum(x);
        }
        int center = (int) (size * STEPS_PER_UNIT + 0.5);
        double d = size - (double) center / STEPS_PER_UNIT;
        double[] c = coefficients;
        int at = center * TERMS;
        double square = d * d;
        double low = c[at] + c[at + 1] * d + (c[at + 2] + c[at + 3] * d) * square;
        double high = c[at + 4] + c[at + 5] * d + (c[at + 6] + c[at + 7] * d) * square;
        return Math.copySign(low + high * square * square, x);
    }
}
