package dev.octet.profile.verdict;

/** What keeps a run from being faster. */
public enum Cause {
    NO_INT8("nothing runs in INT8"),
    NOT_ON_TENSOR_CORES("not on tensor cores"),
    CONVERSION("quantize, dequantize and reformat kernels"),
    LOST_FUSION("lost fusion"),
    MEMORY_BOUND("memory-bound"),
    LAUNCH_BOUND("too little work for each launch"),
    COPIES("copies dominate"),
    SLOWER_KERNEL("a slower kernel");

    private final String title;

    Cause(String title) {
        this.title = title;
    }

    /** In a few words, for people. */
    public String title() {
        return title;
    }
}
