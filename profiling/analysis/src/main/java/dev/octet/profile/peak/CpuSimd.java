package dev.octet.profile.peak;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What one core of a CPU does in a clock with an instruction set, on the usual server and desktop cores with two vector
 * units for multiplications; some have one, which the measured figure shows.
 */
public enum CpuSimd {
    /** fp32: FMA on 256 bits. int8, exact: widened to 16 bits, VPMADDWD on 256 bits. */
    AVX2("avx2", 8, 16),
    /** fp32: FMA on 256 bits. int8: VPDPBUSD on 256 bits. */
    AVX_VNNI("avxvnni", 8, 32),
    /** fp32: FMA on 512 bits. int8: VPDPBUSD on 512 bits. */
    AVX512_VNNI("avx512vnni", 16, 64);

    private static final int UNITS = 2;
    private static final int OPERATIONS_PER_MAC = 2;
    private static final double GIGA_TO_TERA = 1e3;

    private final String label;
    private final int fp32Lanes;
    private final int int8Lanes;

    CpuSimd(String label, int fp32Lanes, int int8Lanes) {
        this.label = label;
        this.fp32Lanes = fp32Lanes;
        this.int8Lanes = int8Lanes;
    }

    /** The set of a name such as {@code avx2}, if its rates are known. */
    public static Optional<CpuSimd> find(String label) {
        return Arrays.stream(values()).filter(set -> set.label.equals(label)).findFirst();
    }

    /**
     * Clock x cores x SIMD lanes x FMA units.
     *
     * @param precision {@link PeakPrecision#INT8} or {@link PeakPrecision#FP32}
     */
    public Peak peak(PeakPrecision precision, int cores, double clockGHz) {
        int lanes = precision == PeakPrecision.INT8 ? int8Lanes : fp32Lanes;
        double tops = cores * clockGHz * lanes * UNITS * OPERATIONS_PER_MAC / GIGA_TO_TERA;
        String derivation = String.format(
                Locale.ROOT,
                "%d cores x %.3f GHz x %d lanes x %d FMA units x 2 ops = %.3f %s",
                cores,
                clockGHz,
                lanes,
                UNITS,
                tops,
                Peak.word(precision));
        return new Peak(PeakUnit.SIMD, precision, tops, derivation);
    }
}
