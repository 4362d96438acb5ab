package dev.octet.runtime;

import dev.octet.graph.TensorType;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/** Where a value of a program lives. */
sealed interface Binding {
    /** What those values take together that have a place. */
    static long placedBytes(List<Binding> bindings, Stream<Program.Output> outputs) {
        return outputs.mapToLong(
                        output -> bindings.get(output.number()) instanceof Placed placed ? placed.type.sizeBytes() : 0)
                .sum();
    }

    /** The same in every run. */
    record Constant(Tensor tensor) implements Binding {}

    /** At an offset of each frame's memory. */
    record Placed(TensorType type, long offset) implements Binding {}

    /** Not in this memory, or allocated by the step that computes it once its type is known. */
    record AtRunTime() implements Binding {}
}
