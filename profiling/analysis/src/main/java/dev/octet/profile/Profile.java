package dev.octet.profile;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What a profiler's file says about a run: the kernels, summed by name and range, the longest first.
 *
 * @param devices the GPUs, where the file describes them or tells which of them ran a kernel, by their number
 * @param spanNanos from the first start to the last end of all entries; empty where the file has no starts
 */
public record Profile(Source source, List<DeviceTime> devices, OptionalLong spanNanos, List<KernelTotal> kernels) {
    /** The tool and form of the file. */
    public enum Source {
        NSYS_SQLITE("Nsight Systems SQLite export"),
        NSYS_CSV("nsys stats CSV"),
        NCU_CSV("Nsight Compute CSV"),
        CHROME_TRACE("Chrome trace"),
        ORT_PROFILE("ONNX Runtime profile"),
        OCTET_TRACE("Octet trace");

        private final String title;

        Source(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    public Profile {
        devices = List.copyOf(devices);
        kernels = List.copyOf(kernels);
    }

    /** The time of all entries. */
    public long totalNanos() {
        return nanos(_ -> true);
    }

    /** The time of all entries of one unit. */
    public long unitNanos(KernelUnit unit) {
        return nanos(kernel -> kernel.kernelClass().unit() == unit);
    }

    private long nanos(Predicate<KernelTotal> which) {
        return kernels.stream()
                .filter(which)
                .mapToLong(kernel -> kernel.durations().totalNanos())
                .sum();
    }
}
