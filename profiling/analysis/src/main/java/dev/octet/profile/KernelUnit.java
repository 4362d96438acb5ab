package dev.octet.profile;

/** The part of a GPU that bounds a kernel. */
public enum KernelUnit {
    /** Matrix instructions: HMMA, IMMA, DMMA, the warp-group forms and their successors. */
    TENSOR,
    /** Arithmetic without matrix instructions: FFMA, DFMA, HFMA2, DP4A. */
    CUDA,
    /** Kernels that mostly move data: layout changes, element-wise operations, normalizations, reductions. */
    MEMORY,
    /** Copies and fills by the driver. */
    COPY,
    /** Communication between GPUs. */
    COMM,
    /** No GPU: a step that the CPU computed. A trace says so, never a name. */
    CPU,
    /** Nothing is known; never a guess. */
    UNKNOWN
}
