package dev.octet.backend.cuda;

import dev.octet.tensor.DType;

/**
 * What multiplies floats of one type on a device: how its kernels' names begin, and the threads of a block.
 *
 * @param unit CUDA cores, or the instruction of the tensor cores
 */
record FloatUnit(String unit, DType type, int threads) {
    /** The generation from which tensor cores take 16 of depth at once. */
    private static final int AMPERE = 80;

    private static final int SIMT_THREADS = 256;
    private static final int TENSOR_THREADS = 128;

    /** The unit for f32 or f16. */
    static FloatUnit of(CudaDevice device, DType type) {
        if (type == DType.F32) {
            return new FloatUnit("simt", type, SIMT_THREADS);
        }
        return new FloatUnit(halfInstruction(device), type, TENSOR_THREADS);
    }

    /** The tensor cores' instruction for f16. */
    static String halfInstruction(CudaDevice device) {
        return device.computeCapability() >= AMPERE ? "h16816" : "h1688";
    }

    /** The name of a kernel for square tiles. */
    String kernel(String what, int tile) {
        return "octet_" + unit + "_" + what + "_" + type.label() + "_" + tile + "x" + tile;
    }
}
