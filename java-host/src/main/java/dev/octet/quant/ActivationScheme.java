package dev.octet.quant;

/** How activations are quantized; the observed range decides the details. */
public enum ActivationScheme {
    /** int8 in [-127, 127], zero point 0, whatever the sign: what TensorRT takes. */
    SYMMETRIC,
    /** Zero point always 0: uint8 where no value was negative, symmetric int8 elsewhere. */
    SIGN_AWARE,
    /** uint8 with a zero point. */
    AFFINE,
    /** {@link #SIGN_AWARE}, but {@link #AFFINE} where a symmetric grid would leave a sixth of its steps unused. */
    AUTO;

    private static final float MOST_WASTE = 1.2f;

    /** The scheme for a tensor that was observed in this range. */
    public QuantScheme forObserved(QuantRange observed) {
        return switch (this) {
            case SYMMETRIC -> QuantScheme.SYMMETRIC_S8;
            case SIGN_AWARE -> observed.amin() >= 0 ? QuantScheme.AFFINE_U8 : QuantScheme.SYMMETRIC_S8;
            case AFFINE -> QuantScheme.AFFINE_U8;
            case AUTO -> isLopsided(observed) ? QuantScheme.AFFINE_U8 : SIGN_AWARE.forObserved(observed);
        };
    }

    private static boolean isLopsided(QuantRange observed) {
        QuantRange range = observed.withZero();
        float symmetricWidth = 2 * Math.max(-range.amin(), range.amax());
        return symmetricWidth > MOST_WASTE * (range.amax() - range.amin());
    }
}
