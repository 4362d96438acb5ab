package dev.octet.runtime;

import dev.octet.tensor.Tensor;

/** Takes each graph output as soon as it is computed. */
@FunctionalInterface
public interface OutputSink {
    /**
     * Takes one output.
     *
     * @param value readable during this call only: its memory is reused afterwards
     */
    void accept(String name, Tensor value);
}
