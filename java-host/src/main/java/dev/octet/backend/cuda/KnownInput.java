package dev.octet.backend.cuda;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/** Inputs that are constants. */
final class KnownInput {
    private KnownInput() {}

    /** The constant at an input, in host memory; empty if it is absent or computed. */
    static Optional<Tensor> of(KernelSpec spec, int input) {
        if (!spec.inputs().has(input)) {
            return Optional.empty();
        }
        try {
            return Optional.of(spec.inputs().value(input));
        } catch (DataDependentShapeException _) {
            return Optional.empty();
        }
    }

    /** Whether an input is absent or a constant. */
    static boolean isAbsentOrKnown(KernelSpec spec, int input) {
        return !spec.inputs().has(input) || of(spec, input).isPresent();
    }
}
