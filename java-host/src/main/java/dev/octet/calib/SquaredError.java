package dev.octet.calib;

/**
 * The sum of squared errors when counted values are rounded to a uniform grid and clipped to its ends. All values are at
 * the centres of their bins and all lengths in bins.
 *
 * <p>Values rounded to the same grid point are neighbours, so with prefix sums of c, c x and c x^2 each grid point costs
 * a subtraction: a grid of 256 points takes about a microsecond, whatever the number of bins.
 */
final class SquaredError {
    private final double firstCenter;
    private final double[] count;
    private final double[] sum;
    private final double[] squares;

    /**
     * @param counts of neighbouring bins
     * @param firstEdge where the first bin starts, in bins from zero
     */
    SquaredError(long[] counts, int firstEdge) {
        int n = counts.length;
        firstCenter = firstEdge + 0.5;
        count = new double[n + 1];
        sum = new double[n + 1];
        squares = new double[n + 1];
        for (int k = 0; k < n; k++) {
            double center = firstCenter + k;
            count[k + 1] = count[k] + counts[k];
            sum[k + 1] = sum[k] + counts[k] * center;
            squares[k + 1] = squares[k] + counts[k] * center * center;
        }
    }

    /** The error for grid points {@code low * step, ..., high * step}. */
    double of(double step, int low, int high) {
        int end = count.length - 1;
        double error = 0;
        int from = 0;
        for (int point = low; point <= high && from < end; point++) {
            int to = end;
            if (point < high) {
                double boundary = Math.ceil((point + 0.5) * step - firstCenter);
                to = (int) Math.clamp(boundary, (double) from, (double) end);
            }
            double value = point * step;
            error += (squares[to] - squares[from])
                    - value * (2 * (sum[to] - sum[from]) - value * (count[to] - count[from]));
            from = to;
        }
        return error;
    }
}
