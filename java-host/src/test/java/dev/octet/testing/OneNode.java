package dev.octet.testing;

import dev.octet.backend.cpu.CpuBackend;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Runs one operator on the CPU backend, with its inputs in native memory. Each node is run twice, with one worker and
 * with workers that claim tasks in reverse order; different bytes fail the test.
 */
public final class OneNode {
    private static final byte GARBAGE = 0x5A;

    private static final Workers REVERSED = new Workers() {
        @Override
        public int count() {
            return 3;
        }

        @Override
        public void forEach(int tasks, IntConsumer body) {
            for (int task = tasks - 1; task >= 0; task--) {
                body.accept(task);
            }
        }
    };

    /** Which input values the kernel may see when it is prepared; the others are known by type only. */
    public enum Known {
        NOTHING,
        ALL
    }

    private OneNode() {}

    /** The output of an operator with one output and no absent input; the kernel knows the inputs' types only. */
    public static Tensor run(Op op, Tensor... inputs) {
        return run(op, 1, Known.NOTHING, present(inputs)).get(0);
    }

    /** Likewise with every input a constant, such as weights that the kernel packs. */
    public static Tensor runConstant(Op op, Tensor... inputs) {
        return run(op, 1, Known.ALL, present(inputs)).get(0);
    }

    public static List<Optional<Tensor>> present(Tensor... inputs) {
        return Arrays.stream(inputs).map(Optional::of).toList();
    }

    /** All outputs, on the Java heap. */
    public static List<Tensor> run(Op op, int outputCount, Known known, List<Optional<Tensor>> inputs) {
        Node node = new Node("test", op, names("x", inputs), names("y", outputCount));
        try (Arena arena = Arena.ofShared()) {
            List<Optional<Tensor>> natives = inputs.stream()
                    .map(input -> input.map(x -> toNative(x, arena)))
                    .toList();
            List<Tensor> outputs = run(node, natives, known, arena, Workers.SINGLE);
            List<Tensor> again = run(node, natives, known, arena, REVERSED);
            for (int i = 0; i < outputCount; i++) {
                if (!outputs.get(i).contentEquals(again.get(i))) {
                    throw new AssertionError("output " + i + " of " + op + " depends on the order of tasks");
                }
            }
            return outputs;
        }
    }

    private static List<String> names(String prefix, List<Optional<Tensor>> inputs) {
        return IntStream.range(0, inputs.size())
                .mapToObj(i -> inputs.get(i).isPresent() ? prefix + i : "")
                .toList();
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    private static Tensor toNative(Tensor tensor, Arena arena) {
        Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape(), arena);
        copy.copyFrom(tensor);
        return copy;
    }

    private static List<Tensor> run(
            Node node, List<Optional<Tensor>> inputs, Known known, Arena arena, Workers workers) {
        List<Optional<TensorType>> types = inputs.stream()
                .map(input -> input.map(x -> new TensorType(x.dtype(), x.shape())))
                .toList();
        List<TensorType> outputTypes = outputTypes(node, types, inputs);
        List<Optional<Tensor>> values = known == Known.ALL
                ? inputs
                : inputs.stream().map(_ -> Optional.<Tensor>empty()).toList();
        KernelSpec spec =
                new KernelSpec(node, new OpInputs(types, values, node.outputs().size()), outputTypes, arena);
        KernelFactory factory = new CpuBackend()
                .kernel(spec)
                .orElseThrow(() -> new AssertionError("no CPU kernel for " + node.op() + " with " + types));
        List<Optional<Tensor>> outputs = outputTypes.stream()
                .map(type -> Optional.of(output(type, arena)))
                .toList();
        factory.prepare().apply(spec).run(new KernelArgs(inputs, outputs), workers);
        return outputs.stream().map(output -> output.orElseThrow().copy()).toList();
    }

    private static List<TensorType> outputTypes(
            Node node, List<Optional<TensorType>> types, List<Optional<Tensor>> values) {
        try {
            return ShapeInference.outputTypes(node, types, values);
        } catch (DataDependentShapeException e) {
            throw new AssertionError("all values are known", e);
        }
    }

    /** Filled with garbage, so that an element that is not written shows; packed types keep their padding zero. */
    private static Tensor output(TensorType type, Arena arena) {
        Tensor tensor = Tensor.allocate(type.dtype(), type.shape(), arena);
        if (type.dtype().bits() >= 8) {
            tensor.data().fill(GARBAGE);
        }
        return tensor;
    }
}
