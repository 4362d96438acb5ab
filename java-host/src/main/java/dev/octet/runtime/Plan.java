package dev.octet.runtime;

import java.util.List;

/**
 * What a session does for one set of input shapes, for reports.
 *
 * @param backend the backend's name
 * @param fallbacks steps that compute wider than the model declares, or elsewhere
 * @param arenaBytes memory of each concurrent run
 * @param constantBytes memory of the constants, shared by all plans of a session
 */
public record Plan(
        String backend, List<PlanStep> steps, List<Fallback> fallbacks, long arenaBytes, long constantBytes) {
    /** A step that does not run as declared. */
    public record Fallback(PlanStep step, Precision declared, String reason) {}

    public Plan {
        steps = List.copyOf(steps);
        fallbacks = List.copyOf(fallbacks);
    }
}
