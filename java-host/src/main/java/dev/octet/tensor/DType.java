package dev.octet.tensor;

/** The type of a tensor's elements. */
public enum DType {
    F32(32, Kind.FLOAT),
    F64(64, Kind.FLOAT),
    F16(16, Kind.FLOAT),
    BF16(16, Kind.FLOAT),
    F8E4M3FN(8, Kind.FLOAT),
    F8E4M3FNUZ(8, Kind.FLOAT),
    F8E5M2(8, Kind.FLOAT),
    F8E5M2FNUZ(8, Kind.FLOAT),
    F8E8M0(8, Kind.FLOAT),
    F4E2M1(4, Kind.FLOAT),
    S64(64, Kind.SIGNED),
    S32(32, Kind.SIGNED),
    S16(16, Kind.SIGNED),
    S8(8, Kind.SIGNED),
    S4(4, Kind.SIGNED),
    S2(2, Kind.SIGNED),
    U64(64, Kind.UNSIGNED),
    U32(32, Kind.UNSIGNED),
    U16(16, Kind.UNSIGNED),
    U8(8, Kind.UNSIGNED),
    U4(4, Kind.UNSIGNED),
    U2(2, Kind.UNSIGNED),
    BOOL(8, Kind.BOOL);

    private enum Kind {
        FLOAT,
        SIGNED,
        UNSIGNED,
        BOOL
    }

    private final int bits;
    private final Kind kind;

    DType(int bits, Kind kind) {
        this.bits = bits;
        this.kind = kind;
    }

    public int bits() {
        return bits;
    }

    public boolean isFloat() {
        return kind == Kind.FLOAT;
    }

    public boolean isInteger() {
        return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
    }

    /** Whether values below zero exist; true for every float type but {@link #F8E8M0}. */
    public boolean isSigned() {
        return kind == Kind.SIGNED || (kind == Kind.FLOAT && this != F8E8M0);
    }

    /** Bytes that {@code count} elements occupy, sub-byte types packed; overflow throws {@link ArithmeticException}. */
    public long sizeBytes(long count) {
        return bits >= 8 ? Math.multiplyExact(count, bits / 8) : Math.ceilDiv(Math.multiplyExact(count, bits), 8);
    }

    /**
     * The smallest value of an integer type.
     *
     * @throws IllegalStateException if this is not an integer type
     */
    public long minInteger() {
        requireInteger();
        return kind == Kind.SIGNED ? -1L << (bits - 1) : 0;
    }

    /**
     * The largest value of an integer type; for {@link #U64} its bits, that is -1.
     *
     * @throws IllegalStateException if this is not an integer type
     */
    public long maxInteger() {
        requireInteger();
        if (kind == Kind.SIGNED) {
            return ~(-1L << (bits - 1));
        }
        return bits == 64 ? -1L : (1L << bits) - 1;
    }

    private void requireInteger() {
        if (!isInteger()) {
            throw new IllegalStateException(label() + " is not an integer type");
        }
    }

    /** The short name used in messages and reports, such as {@code f32}. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
