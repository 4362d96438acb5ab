package dev.octet.runtime;

import dev.octet.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/** A plan that can run. Thread-safe; concurrent runs have memory each. Owns packed weights and that memory. */
sealed interface Program extends AutoCloseable permits HostProgram, DeviceProgram {
    /** A graph output and the number of its value. */
    record Output(String name, int number) {}

    /** Whom a run reports to. */
    record Observers(OutputSink sink, Optional<StepListener> listener) {}

    Plan plan();

    /** What the outputs take whose types are known beforehand. */
    long outputBytes();

    /** Runs once. Inputs have been checked. */
    void run(Map<String, Tensor> inputs, Workers workers, Observers observers);

    /**
     * Copies the inputs, which have been checked, and enqueues what a device can do by itself.
     *
     * @param workers help when the run is finished
     */
    Started start(Map<String, Tensor> inputs, Workers workers, Optional<StepListener> listener);

    /** A run that holds memory until one of these methods has been called, by any thread and once. */
    interface Started {
        /** Computes what is left, and hands the outputs over. */
        void finish(OutputSink sink);

        /** Leaves out what was not begun, and hands nothing over. */
        void abandon();
    }

    /** Frees the memory of runs that none uses now; the next run takes it anew. */
    void dropIdle();

    /** Frees everything; no run may be going on. */
    @Override
    void close();
}
