package dev.octet.runtime;

import dev.octet.graph.TensorType;
import dev.octet.tensor.Tensor;

/** Where a value of a program lives. */
sealed interface Binding {
    /** The same in every run. */
    record Constant(Tensor tensor) implements Binding {}

    /** At an offset of each frame's memory. */
    record Placed(TensorType type, long offset) implements Binding {}

    /** Not in this memory, or allocated by the step that computes it once its type is known. */
    record AtRunTime() implements Binding {}
}
