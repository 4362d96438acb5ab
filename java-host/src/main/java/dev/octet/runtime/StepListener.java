package dev.octet.runtime;

/** Is told how long each step of each run took; called by the thread that runs, so possibly by several at once. */
@FunctionalInterface
public interface StepListener {
    void ran(PlanStep step, long elapsedNanos);
}
