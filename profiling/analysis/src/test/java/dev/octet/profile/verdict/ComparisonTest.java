package dev.octet.profile.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.profile.KernelClass;
import dev.octet.profile.KernelNames;
import dev.octet.profile.KernelTotal;
import dev.octet.profile.Profile;
import dev.octet.profile.peak.Gpus;
import dev.octet.profile.peak.PeakPrecision;
import dev.octet.profile.roofline.LayerCost;
import dev.octet.profile.roofline.Roofline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final KernelNames NAMES = KernelNames.load();
    private static final String HMMA = "sm80_xmma_fprop_implicit_gemm_f16f16_f16f32_f32_nhwckrsc_tensor16x8x16_kernel";
    private static final String IMMA = "cutlass_80_tensorop_s8_i16832gemm_s8_256x128_128x3_tn_align16";
    private static final String DP4A = "ampere_igemm_int8_128x128_ldg4_nn";
    private static final String REFORMAT = "genericReformat::copyPackedKernel";
    private static final String RELU = "relu_kernel";
    private static final String UPLOAD = "[CUDA memcpy HtoD]";

    private final List<KernelTotal> before = new ArrayList<>();
    private final List<KernelTotal> after = new ArrayList<>();

    private static KernelTotal kernel(String name, String range, long calls, long nanosEach) {
        return new KernelTotal(
                name,
                range.isEmpty() ? Optional.empty() : Optional.of(range),
                NAMES.classify(name),
                new KernelTotal.Durations(calls, calls * nanosEach, nanosEach, nanosEach, nanosEach),
                Map.of());
    }

    private static Run run(List<KernelTotal> kernels, long runs, OptionalLong span) {
        return new Run(new Profile(Profile.Source.NSYS_SQLITE, List.of(), span, kernels), runs);
    }

    private Comparison compared() {
        return Comparison.of(
                run(before, 1, OptionalLong.empty()), run(after, 1, OptionalLong.empty()), Optional.empty());
    }

    @Test
    void compare_fasterInt8OnTensorCores_findsNothing() {
        before.add(kernel(HMMA, "conv1", 1, 100_000));
        after.add(kernel(IMMA, "conv1", 1, 50_000));

        assertThat(compared().verdicts()).isEmpty();
    }

    @Test
    void compare_int8OnCudaCores_saysSoWithItsTimeAsTheMostToGain() {
        before.add(kernel(HMMA, "conv1", 1, 100_000));
        after.add(kernel(DP4A, "conv1", 1, 130_000));

        assertThat(compared().verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.cause()).isEqualTo(Cause.NOT_ON_TENSOR_CORES);
            assertThat(verdict.node()).contains("conv1");
            assertThat(verdict.evidence()).contains(DP4A, "IDP4A", "130.0 us");
            assertThat(verdict.fix()).contains("multiples of 16");
            assertThat(verdict.gainNanos()).hasValue(130_000);
        });
    }

    @Test
    void compare_floatKernelWhereTensorCoresRanBefore_isNotOnTensorCores() {
        before.add(kernel(HMMA, "conv1", 1, 100_000));
        before.add(kernel(HMMA, "conv2", 1, 100_000));
        after.add(kernel("ampere_sgemm_32x32_sliced1x4_tn", "conv1", 1, 200_000));
        after.add(kernel(IMMA, "conv2", 1, 50_000));

        assertThat(compared().verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.cause()).isEqualTo(Cause.NOT_ON_TENSOR_CORES);
            assertThat(verdict.fix()).contains("quantize this layer");
        });
    }

    @Test
    void compare_depthwiseOnCudaCores_isNoFault() {
        before.add(kernel("depthwise_fprop_kernel_ffma", "dw", 1, 50_000));
        before.add(kernel(HMMA, "conv1", 1, 50_000));
        after.add(kernel("octet_simt_qdepthwise_s8s8", "dw", 1, 40_000));
        after.add(kernel(IMMA, "conv1", 1, 25_000));

        assertThat(compared().verdicts()).isEmpty();
    }

    @Test
    void compare_nothingInInt8_saysSoOnceAndClaimsNoGain() {
        before.add(kernel(HMMA, "conv1", 1, 100_000));
        after.add(kernel(HMMA, "conv1", 1, 100_000));

        assertThat(compared().verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.cause()).isEqualTo(Cause.NO_INT8);
            assertThat(verdict.gainNanos()).isEmpty();
        });
    }

    @Test
    void compare_newReformats_countTheirTime() {
        before.add(kernel(HMMA, "conv1", 1, 100_000));
        after.add(kernel(IMMA, "conv1", 1, 50_000));
        after.add(kernel(REFORMAT, "conv1", 2, 30_000));

        assertThat(compared().verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.cause()).isEqualTo(Cause.CONVERSION);
            assertThat(verdict.evidence()).contains("run 2 times instead of 0", "60.0 us");
            assertThat(verdict.gainNanos()).hasValue(60_000);
        });
    }

    @Test
    void compare_fusedLayerSplit_isPairedByItsPartsAndCalledLostFusion() {
        before.add(kernel(HMMA, "conv1 + relu1", 1, 100_000));
        after.add(kernel(IMMA, "conv1", 1, 50_000));
        after.add(kernel(RELU, "relu1", 1, 40_000));

        Comparison comparison = compared();

        assertThat(comparison.nodes()).singleElement().satisfies(node -> {
            assertThat(node.name()).contains("conv1");
            assertThat(node.before().nanos()).isEqualTo(100_000);
            assertThat(node.after().nanos()).isEqualTo(90_000);
        });
        assertThat(comparison.verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.cause()).isEqualTo(Cause.LOST_FUSION);
            assertThat(verdict.gainNanos()).hasValue(40_000);
        });
    }

    @Test
    void compare_slowerTensorKernel_namesBoth() {
        before.add(kernel(HMMA, "conv1", 1, 50_000));
        after.add(kernel(IMMA, "conv1", 1, 80_000));

        assertThat(compared().verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.cause()).isEqualTo(Cause.SLOWER_KERNEL);
            assertThat(verdict.evidence()).contains(IMMA, HMMA);
            assertThat(verdict.gainNanos()).hasValue(30_000);
        });
    }

    @Test
    void compare_manyShortLaunchesAndAnIdleGpu_isLaunchBound() {
        before.add(kernel(HMMA, "conv1", 100, 10_000));
        after.add(kernel(IMMA, "conv1", 100, 2_000));

        Comparison comparison = Comparison.of(
                run(before, 1, OptionalLong.empty()), run(after, 1, OptionalLong.of(1_200_000)), Optional.empty());

        assertThat(comparison.verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.cause()).isEqualTo(Cause.LAUNCH_BOUND);
            assertThat(verdict.gainNanos()).hasValue(1_000_000);
        });
    }

    @Test
    void compare_manyShortLaunchesOnABusyGpu_isNot() {
        before.add(kernel(HMMA, "conv1", 100, 10_000));
        after.add(kernel(IMMA, "conv1", 100, 2_000));

        Comparison comparison = Comparison.of(
                run(before, 1, OptionalLong.empty()), run(after, 1, OptionalLong.of(205_000)), Optional.empty());

        assertThat(comparison.verdicts()).isEmpty();
    }

    @Test
    void compare_copiesOverATenth_areACause() {
        before.add(kernel(HMMA, "conv1", 1, 100_000));
        after.add(kernel(IMMA, "conv1", 1, 50_000));
        after.add(kernel(UPLOAD, "", 1, 20_000));

        assertThat(compared().verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.cause()).isEqualTo(Cause.COPIES);
            assertThat(verdict.gainNanos()).hasValue(20_000);
        });
    }

    @Test
    void compare_layerAtTheMemoryRoof_isMemoryBound() {
        before.add(kernel(HMMA, "conv1", 1, 20_000));
        after.add(kernel(IMMA, "conv1", 1, 12_000));
        Roofline a100 = Roofline.of(Gpus.find("A100 40").orElseThrow(), PeakPrecision.INT8);
        LayerCost cost = new LayerCost("conv1", 1_000_000, 15_550_000, true);

        Comparison comparison = Comparison.of(
                run(before, 1, OptionalLong.empty()),
                run(after, 1, OptionalLong.empty()),
                Optional.of(new Comparison.Costs(a100, Map.of("conv1", cost))));

        assertThat(comparison.verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.cause()).isEqualTo(Cause.MEMORY_BOUND);
            assertThat(verdict.evidence()).contains("15550000 bytes", "10.0 us");
            assertThat(verdict.gainNanos()).hasValue(2_000);
        });
    }

    @Test
    void compare_profilesOfDifferentlyManyRuns_comparesOneRun() {
        before.add(kernel(HMMA, "conv1", 100, 100_000));
        after.add(kernel(IMMA, "conv1", 10, 50_000));

        Comparison comparison = Comparison.of(
                run(before, 100, OptionalLong.empty()), run(after, 10, OptionalLong.empty()), Optional.empty());

        assertThat(comparison.nodes().get(0).before().nanos()).isEqualTo(100_000);
        assertThat(comparison.nodes().get(0).after().nanos()).isEqualTo(50_000);
        assertThat(comparison.verdicts()).isEmpty();
    }

    @Test
    void compare_severalCauses_ordersByPossibleGain() {
        before.add(kernel(HMMA, "conv1", 1, 100_000));
        before.add(kernel(HMMA, "conv2", 1, 100_000));
        after.add(kernel(DP4A, "conv1", 1, 90_000));
        after.add(kernel(IMMA, "conv2", 1, 50_000));
        after.add(kernel(REFORMAT, "conv2", 1, 95_000));

        assertThat(compared().verdicts())
                .extracting(Verdict::cause)
                .containsExactly(Cause.CONVERSION, Cause.NOT_ON_TENSOR_CORES);
    }

    private static KernelTotal step(String name, String node, String precision, long nanos) {
        return new KernelTotal(
                name,
                Optional.of(node),
                KernelClass.onCpu(Optional.of(precision)),
                new KernelTotal.Durations(1, nanos, nanos, nanos, nanos),
                Map.of());
    }

    @Test
    void compare_stepsOnTheCpu_namesSlowerOnesAndConversions() {
        before.add(step("avx2_conv_f32", "conv1", "FP32", 100_000));
        before.add(step("avx2_conv_f32", "conv2", "FP32", 100_000));
        after.add(step("avx2_qconv", "conv1", "INT8", 150_000));
        after.add(step("avx2_qconv", "conv2", "INT8", 50_000));
        after.add(step("avx2_quantize", "input/QuantizeLinear", "FP32", 20_000));

        assertThat(compared().verdicts())
                .extracting(Verdict::cause)
                .containsExactly(Cause.SLOWER_KERNEL, Cause.CONVERSION);
    }
}
