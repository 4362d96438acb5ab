package dev.octet.profile.verdict;

import dev.octet.profile.KernelTotal;
import dev.octet.profile.KernelUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/** Kinds of kernels that the rules tell apart beyond their unit. */
final class KernelKinds {
    private static final Pattern CONVERSION = Pattern.compile(
            "quant|reformat|nchw.?to|nhwc.?to|nchw2nhwc|nhwc2nchw|convert|cast|transpose|permut|copy_?packed"
                    + "|copy_?vectorized|im2col",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern DEPTHWISE =
            Pattern.compile("depth_?wise|dwconv|dgroup|direct_group", Pattern.CASE_INSENSITIVE);
    private static final String INT8 = "INT8";

    private KernelKinds() {}

    static boolean tensor(KernelTotal kernel) {
        return kernel.kernelClass().unit() == KernelUnit.TENSOR;
    }

    static boolean int8(KernelTotal kernel) {
        return kernel.kernelClass().precisionText().equals(INT8);
    }

    /** Multiplies on CUDA cores, where a matrix instruction could: a depthwise convolution has none. */
    static boolean slowProduct(KernelTotal kernel) {
        return kernel.kernelClass().unit() == KernelUnit.CUDA
                && !DEPTHWISE.matcher(kernel.name()).find();
    }

    /** Changes type or order of elements and computes nothing. */
    static boolean conversion(KernelTotal kernel) {
        boolean possible = kernel.kernelClass().unit() == KernelUnit.MEMORY || onCpu(kernel);
        return possible && CONVERSION.matcher(kernel.name()).find();
    }

    static boolean onCpu(KernelTotal kernel) {
        return kernel.kernelClass().unit() == KernelUnit.CPU;
    }

    /** The work of a node itself: on tensor cores, or any step on the CPU that is no conversion. */
    static boolean work(KernelTotal kernel) {
        return tensor(kernel) || (onCpu(kernel) && !conversion(kernel));
    }

    /** An element-wise step that a product's epilogue could take over. */
    static boolean elementwise(KernelTotal kernel) {
        return kernel.kernelClass().unit() == KernelUnit.MEMORY && !conversion(kernel);
    }

    static boolean copy(KernelTotal kernel) {
        return kernel.kernelClass().unit() == KernelUnit.COPY;
    }

    static boolean onGpu(KernelTotal kernel) {
        return !copy(kernel) && kernel.kernelClass().unit() != KernelUnit.COMM;
    }

    static String micros(long nanos) {
        return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f%%", 100 * share);
    }
}
