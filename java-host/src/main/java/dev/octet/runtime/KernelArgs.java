package dev.octet.runtime;

import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** The tensors of one kernel run; absent optional inputs and unused outputs are empty. */
public record KernelArgs(List<Optional<Tensor>> inputs, List<Optional<Tensor>> outputs) {
    public boolean has(int input) {
        return input < inputs.size() && inputs.get(input).isPresent();
    }

    public Tensor in(int input) {
        return inputs.get(input).orElseThrow();
    }

    public boolean wants(int output) {
        return output < outputs.size() && outputs.get(output).isPresent();
    }

    public Tensor out(int output) {
        return outputs.get(output).orElseThrow();
    }
}
