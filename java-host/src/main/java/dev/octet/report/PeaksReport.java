package dev.octet.report;

import java.util.List;

/**
 * What a processor can do at most.
 *
 * @param capability compute capability of a GPU, such as {@code 8.0}, or instruction set of a CPU, such as {@code avx2}
 * @param bandwidthGBs of its memory
 */
public record PeaksReport(String name, String capability, double bandwidthGBs, List<PeakEntry> peaks)
        implements RunReport {
    public PeaksReport {
        peaks = List.copyOf(peaks);
    }

    /**
     * One unit in one precision.
     *
     * @param tops tera operations a second
     * @param derivation how the figure comes about
     * @param ridgePoint operations a byte from which on the unit, not the memory, is the bound
     */
    public record PeakEntry(String unit, String precision, double tops, String derivation, double ridgePoint) {}
}
