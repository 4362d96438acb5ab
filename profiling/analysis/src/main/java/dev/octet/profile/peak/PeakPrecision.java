package dev.octet.profile.peak;

/** A type of operands, and of accumulation where GPUs run it at two speeds. */
public enum PeakPrecision {
    FP64("fp64", 8),
    FP32("fp32", 4),
    TF32("tf32", 4),
    BF16("bf16", 2),
    FP16("fp16", 2),
    FP16_FP16_SUM("fp16, summed in fp16", 2),
    FP8("fp8", 1),
    FP8_FP16_SUM("fp8, summed in fp16", 1),
    INT8("int8", 1);

    private final String label;
    private final int sizeBytes;

    PeakPrecision(String label, int sizeBytes) {
        this.label = label;
        this.sizeBytes = sizeBytes;
    }

    /** Its name in reports and options. */
    public String label() {
        return label;
    }

    /** Of one element in memory. */
    public int sizeBytes() {
        return sizeBytes;
    }
}
