package dev.octet.calib;

import dev.octet.quant.QuantRange;
import dev.octet.quant.QuantScheme;

/** How many quantization steps lie between zero and a magnitude's limit. */
final class Steps {
    private Steps() {}

    /**
     * All steps of an affine scheme where the values have one sign, else half of them: 127 for symmetric int8 and for
     * affine uint8 about zero, 255 for uint8 without negative values.
     */
    static int ofMagnitudes(Histogram histogram, QuantScheme scheme) {
        int steps = scheme.qmax() - scheme.qmin();
        return isOneSided(histogram, scheme) ? steps : steps / 2;
    }

    static boolean isOneSided(Histogram histogram, QuantScheme scheme) {
        QuantRange observed = histogram.observed();
        return !scheme.symmetric() && (observed.amin() >= 0 || observed.amax() <= 0);
    }
}
