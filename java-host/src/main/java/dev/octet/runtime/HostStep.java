package dev.octet.runtime;

/** A step that computes in host memory. */
sealed interface HostStep extends Step permits StaticStep, DynamicStep {
    void run(Frame frame, Workers workers);
}
