package dev.octet.profile.peak;

import java.util.Optional;

/**
 * Operations a clock of one multiprocessor, a multiply-accumulate counted as two; 0 where there is no such unit.
 *
 * @param capability compute capability, such as {@code 8.6}
 * @param fp64 on CUDA cores
 * @param fp32 on CUDA cores
 * @param dp4a int8 on CUDA cores
 * @param fp64Tensor on tensor cores, as all that follow
 * @param tf32 dense
 * @param bf16 dense, summed in fp32
 * @param fp16 dense, summed in fp32
 * @param fp16Half dense, summed in fp16: twice {@code fp16} on GeForce from 7.5 on
 * @param fp8 dense, summed in fp32
 * @param fp8Half dense, summed in fp16
 * @param int8 dense, summed in int32
 * @param sparse whether 2:4 sparsity doubles the dense rates
 */
record GpuRates(
        String capability,
        int fp64,
        int fp32,
        int dp4a,
        int fp64Tensor,
        int tf32,
        int bf16,
        int fp16,
        int fp16Half,
        int fp8,
        int fp8Half,
        int int8,
        boolean sparse) {
    static final GpuRates VOLTA = new GpuRates("7.0", 64, 128, 512, 0, 0, 0, 1024, 1024, 0, 0, 0, false);
    static final GpuRates XAVIER = new GpuRates("7.2", 64, 128, 512, 0, 0, 0, 1024, 1024, 0, 0, 2048, false);
    static final GpuRates TURING = new GpuRates("7.5", 4, 128, 512, 0, 0, 0, 1024, 1024, 0, 0, 2048, false);
    static final GpuRates A100 = new GpuRates("8.0", 64, 128, 512, 128, 1024, 2048, 2048, 2048, 0, 0, 4096, true);
    static final GpuRates AMPERE = new GpuRates("8.6", 4, 256, 512, 0, 512, 1024, 1024, 1024, 0, 0, 2048, true);
    static final GpuRates ORIN = new GpuRates("8.7", 4, 256, 512, 0, 1024, 2048, 2048, 2048, 0, 0, 4096, true);
    static final GpuRates ADA = new GpuRates("8.9", 4, 256, 512, 0, 512, 1024, 1024, 1024, 2048, 2048, 2048, true);
    static final GpuRates HOPPER =
            new GpuRates("9.0", 128, 256, 512, 256, 2048, 4096, 4096, 4096, 8192, 8192, 8192, true);
    static final GpuRates BLACKWELL =
            new GpuRates("10.0", 128, 256, 512, 128, 4096, 8192, 8192, 8192, 16384, 16384, 16384, true);
    /** INT8 and double precision gave way to narrow floats: their tensor rates are a thirtieth of 10.0's. */
    static final GpuRates BLACKWELL_ULTRA =
            new GpuRates("10.3", 4, 256, 512, 0, 4096, 8192, 8192, 8192, 16384, 16384, 512, true);

    static final GpuRates BLACKWELL_RTX =
            new GpuRates("12.0", 4, 256, 512, 0, 512, 1024, 1024, 1024, 2048, 2048, 2048, true);

    /** The rates of an architecture, 80 for 8.0; empty where they are not known. */
    static Optional<GpuRates> of(int architecture, boolean geForce) {
        Optional<GpuRates> rates = switch (architecture) {
            case 70 -> Optional.of(VOLTA);
            case 72 -> Optional.of(XAVIER);
            case 75 -> Optional.of(TURING);
            case 80 -> Optional.of(A100);
            case 86 -> Optional.of(AMPERE);
            case 87 -> Optional.of(ORIN);
            case 89 -> Optional.of(ADA);
            case 90 -> Optional.of(HOPPER);
            case 100 -> Optional.of(BLACKWELL);
            case 103 -> Optional.of(BLACKWELL_ULTRA);
            case 120, 121 -> Optional.of(BLACKWELL_RTX);
            default -> Optional.empty();
        };
        return rates.map(known -> geForce ? known.geForce() : known);
    }

    /** The same chip sold as GeForce: half the rate where sums are kept in fp32. */
    GpuRates geForce() {
        return new GpuRates(
                capability,
                fp64,
                fp32,
                dp4a,
                fp64Tensor,
                tf32 / 2,
                bf16 / 2,
                fp16 / 2,
                fp16Half,
                fp8 / 2,
                fp8Half,
                int8,
                sparse);
    }
}
