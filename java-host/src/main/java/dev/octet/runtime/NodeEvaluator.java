package dev.octet.runtime;

import dev.octet.graph.Evaluator;
import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.OpInputs;
import dev.octet.graph.TensorType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;

/** Computes single nodes with a backend's kernels, for constant folding. Thread-safe. */
public final class NodeEvaluator implements Evaluator {
    private final Backend backend;

    public NodeEvaluator(Backend backend) {
        this.backend = backend;
    }

    @Override
    public List<Tensor> evaluate(Node node, List<Optional<Tensor>> inputs, List<TensorType> outputs) {
        List<Optional<TensorType>> types = TensorType.of(inputs);
        try (Arena arena = Arena.ofConfined()) {
            KernelSpec spec = new KernelSpec(node, new OpInputs(types, inputs, outputs.size()), outputs, arena);
            Kernel kernel = Kernels.choose(backend, spec).prepare().apply(spec);
            List<Tensor> results = outputs.stream()
                    .map(type -> Tensor.allocate(type.dtype(), type.shape(), arena))
                    .toList();
            List<Optional<Tensor>> nativeInputs = inputs.stream()
                    .map(input -> input.map(tensor -> Kernels.nativeCopy(tensor, arena)))
                    .toList();
            Kernels.run(
                    kernel,
                    new KernelArgs(
                            nativeInputs, results.stream().map(Optional::of).toList()),
                    Workers.SINGLE);
            return results.stream().map(Tensor::copy).toList();
        } catch (ModelException e) {
            throw Kernels.placed(node, e);
        } catch (ArithmeticException e) {
            throw Kernels.overflow(node, e);
        }
    }
}
