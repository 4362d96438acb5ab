package dev.octet.profile.verdict;

import dev.octet.profile.KernelTotal;
import dev.octet.profile.Profile;

/**
 * A profile of several runs of a model, seen as one.
 *
 * @param runs how often the model ran while the profile was taken
 */
public record Run(Profile profile, long runs) {
    public Run {
        if (runs < 1) {
            throw new IllegalArgumentException("a profile of " + runs + " runs");
        }
    }

    long nanos(KernelTotal kernel) {
        return kernel.durations().totalNanos() / runs;
    }

    /** Calls of a kernel in one run, at least one. */
    long calls(KernelTotal kernel) {
        return Math.max(1, Math.round((double) kernel.durations().calls() / runs));
    }

    long totalNanos() {
        return profile.totalNanos() / runs;
    }
}
