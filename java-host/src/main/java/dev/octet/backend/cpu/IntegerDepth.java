package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;

/** The most terms that an int32 sum of 8-bit products can hold without wrapping. */
final class IntegerDepth {
    private IntegerDepth() {}

    /**
     * Refuses sums that could wrap.
     *
     * @param zeroInput the input with the second factor's zero points, which may be absent
     */
    static void require(KernelSpec spec, long depth, DType weight, int zeroInput) {
        boolean allZero = Known.value(spec, zeroInput).map(IntegerDepth::isZero).orElse(false);
        require(depth, weight, spec.inputs().has(zeroInput) && !allZero);
    }

    private static boolean isZero(Tensor zeroPoints) {
        for (long value : zeroPoints.toLongs()) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Refuses sums that could wrap.
     *
     * @param weight the type of the second factor
     * @param weightHasZero whether a zero point is subtracted from it
     */
    static void require(long depth, DType weight, boolean weightHasZero) {
        boolean narrow = weight == DType.S8 && !weightHasZero;
        int most = narrow ? Quantizer.MAX_K_U8S8 : Quantizer.MAX_K_U8U8;
        if (depth > most) {
            throw ModelException.limit("sums of " + depth + " products of 8-bit values could overflow int32, at most "
                    + most + " terms are supported");
        }
    }
}
