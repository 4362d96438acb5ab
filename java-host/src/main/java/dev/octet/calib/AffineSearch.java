package dev.octet.calib;

import dev.octet.quant.QuantRange;
import dev.octet.quant.QuantScheme;

/**
 * Searches both ends of an affine range for the least sum of squared errors, with the grid that the ends lead to: its
 * zero point is rounded, so the grid reaches up to half a step further at one end.
 *
 * <p>Ends are 1024ths of the observed ends. First all pairs of multiples of 64 are tried, then the best pair's eight
 * neighbours at distance 32, moving while that helps, then 16, 8, 4, 2 and 1. About 450 grids, half a millisecond. The
 * order of trials is fixed and only a smaller error replaces the best, so the result is deterministic.
 */
final class AffineSearch {
    private static final int SHARES = 1024;
    private static final int COARSE = 64;

    private final Histogram histogram;
    private final QuantScheme scheme;
    private final SquaredError error;
    private int bestLow = SHARES;
    private int bestHigh = SHARES;
    private double least;

    AffineSearch(Histogram histogram, QuantScheme scheme) {
        this.histogram = histogram;
        this.scheme = scheme;
        this.error = new SquaredError(histogram.signedCounts(), -histogram.bins());
        this.least = errorAt(SHARES, SHARES);
    }

    QuantRange best() {
        for (int low = SHARES; low >= 0; low -= COARSE) {
            for (int high = SHARES; high >= 0; high -= COARSE) {
                attempt(low, high);
            }
        }
        for (int distance = COARSE / 2; distance >= 1; distance /= 2) {
            boolean moved = true;
            while (moved) {
                moved = attemptNeighbours(bestLow, bestHigh, distance);
            }
        }
        return new QuantRange((float) (low() * bestLow / SHARES) + 0f, (float) (high() * bestHigh / SHARES));
    }

    private boolean attemptNeighbours(int low, int high, int distance) {
        boolean moved = false;
        for (int dLow = -distance; dLow <= distance; dLow += distance) {
            for (int dHigh = -distance; dHigh <= distance; dHigh += distance) {
                moved |= attempt(low + dLow, high + dHigh);
            }
        }
        return moved;
    }

    private boolean attempt(int lowShare, int highShare) {
        if (lowShare < 0 || lowShare > SHARES || highShare < 0 || highShare > SHARES) {
            return false;
        }
        double candidate = errorAt(lowShare, highShare);
        if (candidate < least) {
            least = candidate;
            bestLow = lowShare;
            bestHigh = highShare;
            return true;
        }
        return false;
    }

    private double errorAt(int lowShare, int highShare) {
        double binsPerUnit = histogram.bins() / (double) histogram.limit();
        double low = low() * lowShare / SHARES * binsPerUnit;
        double high = high() * highShare / SHARES * binsPerUnit;
        double step = (high - low) / ((double) scheme.qmax() - scheme.qmin());
        // Within a bin nothing is known, so steps narrower than one cannot be judged.
        if (step < 1 && (lowShare < SHARES || highShare < SHARES)) {
            return Double.POSITIVE_INFINITY;
        }
        int zeroPoint = (int) Math.rint(scheme.qmin() - low / step);
        return error.of(step, scheme.qmin() - zeroPoint, scheme.qmax() - zeroPoint);
    }

    private double low() {
        return histogram.observed().amin();
    }

    private double high() {
        return histogram.observed().amax();
    }
}
