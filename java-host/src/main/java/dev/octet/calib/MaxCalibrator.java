package dev.octet.calib;

import dev.octet.quant.QuantRange;
import dev.octet.quant.QuantScheme;

/** The whole observed range: nothing seen in calibration is clipped. */
public record MaxCalibrator() implements Calibrator {
    @Override
    public String name() {
        return "max";
    }

    @Override
    public boolean needsCounts() {
        return false;
    }

    @Override
    public QuantRange range(Histogram histogram, QuantScheme scheme) {
        return histogram.observed().withZero();
    }
}
