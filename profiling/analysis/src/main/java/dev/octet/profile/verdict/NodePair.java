package dev.octet.profile.verdict;

import dev.octet.profile.KernelTotal;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The kernels of the same node, or of nodes that one of the runs fused, in both runs.
 *
 * @param name of the node; empty for kernels that no range tells apart
 */
public record NodePair(Optional<String> name, Side before, Side after) {
    /** One run's kernels of the node. */
    public record Side(Run run, List<KernelTotal> kernels) {
        public Side {
            kernels = List.copyOf(kernels);
        }

        /** Time of one run. */
        public long nanos() {
            return nanos(_ -> true);
        }

        long nanos(Predicate<KernelTotal> which) {
            return kernels.stream().filter(which).mapToLong(run::nanos).sum();
        }

        long calls(Predicate<KernelTotal> which) {
            return kernels.stream().filter(which).mapToLong(run::calls).sum();
        }

        List<KernelTotal> only(Predicate<KernelTotal> which) {
            return kernels.stream().filter(which).toList();
        }

        boolean has(Predicate<KernelTotal> which) {
            return kernels.stream().anyMatch(which);
        }
    }
}
