package dev.octet.profile.verdict;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One cause of lost time in the later of two profiles.
 *
 * @param node where; empty if it concerns the whole run
 * @param evidence kernels and times that show it
 * @param fix the change that would mend it
 * @param gainNanos the most that the change can save in one run; empty where the profile does not tell
 */
public record Verdict(Cause cause, Optional<String> node, String evidence, String fix, OptionalLong gainNanos) {
    static Verdict at(NodePair node, Cause cause, String evidence, String fix, long gainNanos) {
        return new Verdict(cause, node.name(), evidence, fix, OptionalLong.of(gainNanos));
    }

    static Verdict ofRun(Cause cause, String evidence, String fix, OptionalLong gainNanos) {
        return new Verdict(cause, Optional.empty(), evidence, fix, gainNanos);
    }
}
