package dev.octet.runtime;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.OpInputs;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.graph.op.Effort;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step whose types are known only when its inputs are. Where the output types follow from the input types and
 * constants, the kernel is prepared as for a static step and kept; where they follow from data, it is prepared for this
 * run alone.
 */
final class DynamicStep implements HostStep {
    /** Input types beyond these many get a kernel for one run. */
    private static final int MAX_KEPT = 16;

    private final Node node;
    private final PlanStep info;
    private final int[] inputs;
    private final int[] outputs;
    private final List<Optional<Tensor>> constants;
    private final Backend backend;
    private final Arena planArena;
    private final SharedWeights weights;
    private final Map<List<Optional<TensorType>>, Prepared> kept = new HashMap<>();

    /** Where a kernel keeps what it makes. */
    private record Place(Arena arena, SharedWeights weights) {}

    private record Prepared(Kernel kernel, List<TensorType> outputs, double operations) {}

    /**
     * What a plan gives a step.
     *
     * @param weights shared as far as the step's constants are
     */
    record Surroundings(Backend backend, Arena planArena, SharedWeights weights) {}

    DynamicStep(Node node, int[] inputs, int[] outputs, List<Optional<Tensor>> constants, Surroundings surroundings) {
        this.node = node;
        this.inputs = inputs;
        this.outputs = outputs;
        this.constants = constants;
        this.backend = surroundings.backend;
        this.planArena = surroundings.planArena;
        this.weights = surroundings.weights;
        Precision precision = Precision.OTHER;
        this.info = new PlanStep(node.name(), node.op().type().name(), PlanStep.AT_RUN_TIME, precision, List.of());
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public PlanStep info() {
        return info;
    }

    @Override
    public int[] inputs() {
        return inputs;
    }

    @Override
    public int[] outputs() {
        return outputs;
    }

    @Override
    public boolean readsConstant(int input) {
        return true;
    }

    @Override
    public void run(Frame frame, Workers workers) {
        List<Optional<Tensor>> actual = frame.tensors(inputs);
        Prepared prepared = prepare(actual, frame);
        List<Optional<Tensor>> results = new ArrayList<>(outputs.length);
        for (int i = 0; i < outputs.length; i++) {
            if (outputs[i] < 0) {
                results.add(Optional.empty());
                continue;
            }
            Tensor result = frame.allocate(node, prepared.outputs.get(i));
            frame.set(outputs[i], result);
            results.add(Optional.of(result));
        }
        Kernels.run(prepared.kernel, new KernelArgs(actual, results), workers);
    }

    private Prepared prepare(List<Optional<Tensor>> actual, Frame frame) {
        List<Optional<TensorType>> types = TensorType.of(actual);
        synchronized (kept) {
            Prepared known = kept.get(types);
            if (known != null) {
                frame.admit(node, known.outputs, known.operations);
                return known;
            }
            try {
                boolean keep = kept.size() < MAX_KEPT;
                Place place = new Place(keep ? planArena : frame.runArena(), weights);
                Prepared prepared = prepare(types, constants, place, frame);
                if (keep) {
                    kept.put(types, prepared);
                }
                return prepared;
            } catch (DataDependentShapeException e) {
                return prepareForRun(types, actual, frame);
            }
        }
    }

    private Prepared prepareForRun(List<Optional<TensorType>> types, List<Optional<Tensor>> actual, Frame frame) {
        try {
            Place place = new Place(frame.runArena(), new SharedWeights(frame.runArena()));
            return prepare(types, actual, place, frame);
        } catch (DataDependentShapeException e) {
            throw new ModelException(ModelException.Kind.UNSUPPORTED, node.describe() + ": " + e.getMessage(), e);
        }
    }

    private Prepared prepare(List<Optional<TensorType>> types, List<Optional<Tensor>> values, Place place, Frame frame)
            throws DataDependentShapeException {
        List<TensorType> outputTypes = ShapeInference.outputTypes(node, types, values);
        double operations = Effort.operations(node, types, outputTypes);
        frame.admit(node, outputTypes, operations);
        OpInputs in = new OpInputs(types, values, outputTypes.size());
        KernelSpec spec = new KernelSpec(node, in, outputTypes, place.arena, place.weights);
        return new Prepared(Kernels.choose(backend, spec).prepare().apply(spec), outputTypes, operations);
    }
}
