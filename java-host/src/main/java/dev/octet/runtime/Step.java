package dev.octet.runtime;

import dev.octet.graph.Node;

/** One node of a program. Thread-safe: what belongs to a run is in the frame. */
sealed interface Step permits HostStep, DeviceStep {
    Node node();

    PlanStep info();

    /** Numbers of the values read, -1 where an optional one is absent. */
    int[] inputs();

    /** Numbers of the values written, -1 where one is not wanted. */
    int[] outputs();

    /** See {@link Kernel#readsConstant}. */
    boolean readsConstant(int input);
}
