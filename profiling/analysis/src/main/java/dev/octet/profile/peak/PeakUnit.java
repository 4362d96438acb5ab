package dev.octet.profile.peak;

/** The part of a processor that does the arithmetic. */
public enum PeakUnit {
    CUDA_CORE("CUDA core"),
    TENSOR_CORE("tensor core"),
    TENSOR_CORE_SPARSE("tensor core, 2:4 sparse"),
    /** The vector units of a CPU. */
    SIMD("SIMD");

    private final String label;

    PeakUnit(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
