package dev.octet.runtime;

/**
 * What the runs of a plan may take.
 *
 * @param memory of all runs of the session
 * @param compute of one run
 * @param operations that its steps take whose types are known beforehand
 */
record RunBudget(MemoryBudget memory, ComputeBudget compute, double operations) {}
