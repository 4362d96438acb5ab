package dev.octet.pass;

import dev.octet.backend.cpu.CpuBackend;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.OpInputs;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.quant.QuantRange;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluates nodes and whole graphs with the CPU kernels, one node after another. */
final class GraphRun implements Evaluator {
    static final GraphRun EVALUATOR = new GraphRun();

    private final CpuBackend backend = new CpuBackend();

    private GraphRun() {}

    @Override
    public List<Tensor> evaluate(Node node, List<Optional<Tensor>> inputs, List<TensorType> outputs) {
        try (Arena arena = Arena.ofConfined()) {
            List<Optional<Tensor>> in = inputs.stream()
                    .map(input -> input.map(tensor -> nativeCopy(tensor, arena)))
                    .toList();
            List<Tensor> out = outputs.stream()
                    .map(type -> Tensor.allocate(type.dtype(), type.shape(), arena))
                    .toList();
            KernelSpec spec = new KernelSpec(node, new OpInputs(types(in), in, outputs.size()), outputs, arena);
            backend.kernel(spec)
                    .orElseThrow(() -> new AssertionError("no kernel for " + node.describe()))
                    .prepare()
                    .apply(spec)
                    .run(new KernelArgs(in, out.stream().map(Optional::of).toList()), Workers.SINGLE);
            return out.stream().map(Tensor::copy).toList();
        }
    }

    private static List<Optional<TensorType>> types(List<Optional<Tensor>> tensors) {
        return tensors.stream()
                .map(tensor -> tensor.map(t -> new TensorType(t.dtype(), t.shape())))
                .toList();
    }

    private static Tensor nativeCopy(Tensor tensor, Arena arena) {
        Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape(), arena);
        copy.copyFrom(tensor);
        return copy;
    }

    /** The outputs of a graph by name. */
    static Map<String, Tensor> outputs(Graph graph, Map<String, Tensor> inputs) {
        Map<String, Tensor> values = values(graph, inputs);
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        graph.outputs().forEach(output -> outputs.put(output.name(), values.get(output.name())));
        return outputs;
    }

    /** Every value of a graph by name. */
    static Map<String, Tensor> values(Graph graph, Map<String, Tensor> inputs) {
        Map<String, Tensor> values = new HashMap<>(graph.constants());
        values.putAll(inputs);
        graph.nodes().forEach(node -> run(node, values));
        return values;
    }

    /** Computes one node from the values so far and adds its outputs to them. */
    static void run(Node node, Map<String, Tensor> values) {
        List<Optional<Tensor>> in = new ArrayList<>();
        for (String input : node.inputs()) {
            in.add(input.isEmpty() ? Optional.empty() : Optional.ofNullable(values.get(input)));
        }
        List<Tensor> results;
        try {
            results = EVALUATOR.evaluate(node, in, ShapeInference.outputTypes(node, types(in), in));
        } catch (DataDependentShapeException e) {
            throw new AssertionError(node.describe() + " has a data-dependent shape", e);
        }
        for (int i = 0; i < results.size(); i++) {
            values.put(node.outputs().get(i), results.get(i));
        }
    }

    /** What every real value of a graph ranges over for one input. */
    static Map<String, QuantRange> ranges(Graph graph, Map<String, Tensor> inputs) {
        Map<String, QuantRange> ranges = new HashMap<>();
        values(graph, inputs).forEach((name, tensor) -> {
            if (tensor.dtype() == DType.F32 && tensor.elementCount() > 0) {
                float low = tensor.getFloat(0);
                float high = low;
                for (float value : tensor.toFloats()) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
                ranges.put(name, new QuantRange(low, high));
            }
        });
        return ranges;
    }
}
