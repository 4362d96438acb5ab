package dev.octet.backend.cpu;

import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.Tensor;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something derived from the value of an input: made once if the value is a constant, else in every run.
 *
 * @param made the result for a constant
 */
record Known<T>(int input, Optional<T> made, Function<Tensor, T> make) {
    static <T> Known<T> of(KernelSpec spec, int input, Function<Tensor, T> make) {
        return new Known<>(input, value(spec, input).map(make), make);
    }

    /** The constant at an input, if it is one. */
    static Optional<Tensor> value(KernelSpec spec, int input) {
        return spec.inputs().known(input);
    }

    T in(KernelArgs args) {
        return made.orElseGet(() -> make.apply(args.in(input)));
    }
}
