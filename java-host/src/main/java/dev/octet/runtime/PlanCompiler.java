package dev.octet.runtime;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.OpInputs;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a graph and the shapes of its inputs into a program: infers types, drops what is known beforehand or not needed,
 * chooses kernels, places values in memory, and only then, if all of it fits, lets the kernels pack their weights.
 */
final class PlanCompiler {
    private final Graph graph;
    private final Target target;
    private final ShapeInference.Result inferred;
    private final Set<String> live = new HashSet<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    /** What programs are made for. */
    record Target(Backend backend, ConstantStore constants, MemoryBudget budget) {}

    private record Choice(KernelSpec spec, KernelFactory factory) {}

    private PlanCompiler(Graph graph, Map<String, Shape> inputShapes, Target target) {
        this.graph = graph;
        this.target = target;
        this.inferred = ShapeInference.infer(graph, inputShapes, new NodeEvaluator(target.backend));
    }

    /**
     * Compiles.
     *
     * @param inputShapes the shape of every graph input
     * @throws dev.octet.graph.ModelException if a node's inputs do not fit it, no kernel can compute it, or it needs
     *     too much memory
     */
    static Program compile(Graph graph, Map<String, Shape> inputShapes, Target target) {
        PlanCompiler compiler = new PlanCompiler(graph, inputShapes, target);
        compiler.keepNeeded();
        Arena arena = Arena.ofShared();
        try {
            return compiler.build(arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private void keepNeeded() {
        graph.outputs().forEach(output -> live.add(output.name()));
        for (Node node : graph.nodes().reversed()) {
            if (node.outputs().stream().anyMatch(value -> live.contains(value) && !isKnown(value))) {
                nodes.addFirst(node);
                node.inputs().stream().filter(value -> !value.isEmpty()).forEach(live::add);
            }
        }
        graph.inputs().stream().map(ValueInfo::name).filter(live::contains).forEach(this::number);
        for (Node node : nodes) {
            node.inputs().forEach(this::number);
            node.outputs().forEach(this::number);
        }
        graph.outputs().forEach(output -> number(output.name()));
    }

    private boolean isKnown(String value) {
        return inferred.known().containsKey(value);
    }

    private int number(String value) {
        return value.isEmpty() ? -1 : numbers.computeIfAbsent(value, _ -> numbers.size());
    }

    private Program build(Arena arena) {
        List<Optional<Choice>> choices =
                nodes.stream().map(node -> choose(node, arena)).toList();
        ArenaLayout layout = new ArenaLayout(lifetimes());
        long constantBytes = constantBytes();
        target.budget.check("the plan", Math.addExact(layout.sizeBytes(), constantBytes));
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            steps.add(step(i, choices.get(i), arena));
        }
        Set<Integer> read = constantsRead(steps);
        List<Binding> bindings = numbers.keySet().stream()
                .map(value -> bind(value, layout, read.contains(number(value)), arena))
                .toList();
        List<PlanStep> infos = steps.stream().map(Step::info).toList();
        Plan plan =
                new Plan(target.backend.name(), infos, Fallbacks.find(graph, infos), layout.sizeBytes(), constantBytes);
        Program.Content content = new Program.Content(bindings, steps, inputNumbers(), outputsByStep());
        return new Program(plan, content, arena, target.budget);
    }

    /** The kernel of a node, unless its types are known only at run time. */
    private Optional<Choice> choose(Node node, Arena arena) {
        for (String input : node.inputs()) {
            if (!input.isEmpty() && !inferred.types().containsKey(input)) {
                return Optional.empty();
            }
        }
        List<Optional<TensorType>> types = node.inputs().stream()
                .map(input -> Optional.ofNullable(inferred.types().get(input)))
                .toList();
        List<Optional<Tensor>> values = knownInputs(node);
        List<TensorType> outputs;
        try {
            outputs = ShapeInference.outputTypes(node, types, values);
        } catch (DataDependentShapeException e) {
            return Optional.empty();
        }
        target.budget.check(node, outputs);
        KernelSpec spec = new KernelSpec(node, new OpInputs(types, values, outputs.size()), outputs, arena, weights(node, arena));
        return Optional.of(new Choice(spec, Kernels.choose(target.backend, spec)));
    }

    /** Shared by all plans where the node's known inputs are; what was computed from shapes is this plan's own. */
    private SharedWeights weights(Node node, Arena arena) {
        boolean constant =
                node.inputs().stream().filter(this::isKnown).allMatch(target.constants::has);
        return constant ? target.constants.weights() : new SharedWeights(arena);
    }

    private List<Optional<Tensor>> knownInputs(Node node) {
        return node.inputs().stream()
                .map(input -> Optional.ofNullable(inferred.known().get(input)))
                .toList();
    }

    private List<ArenaLayout.Lifetime> lifetimes() {
        Map<String, Integer> first = new HashMap<>();
        Map<String, Integer> last = new HashMap<>();
        graph.inputs().forEach(input -> first.put(input.name(), -1));
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).outputs()) {
                first.put(output, i);
            }
            for (String input : nodes.get(i).inputs()) {
                last.put(input, i);
            }
        }
        List<ArenaLayout.Lifetime> lifetimes = new ArrayList<>();
        for (String value : numbers.keySet()) {
            TensorType type = inferred.types().get(value);
            Integer start = first.get(value);
            if (!isKnown(value) && type != null && start != null) {
                int end = Math.max(start, last.getOrDefault(value, start));
                lifetimes.add(new ArenaLayout.Lifetime(value, type.sizeBytes(), start, end));
            }
        }
        return lifetimes;
    }

    private long constantBytes() {
        return numbers.keySet().stream()
                .filter(this::isKnown)
                .mapToLong(value -> known(value).data().byteSize())
                .reduce(0, Math::addExact);
    }

    private Tensor known(String value) {
        return Optional.ofNullable(inferred.known().get(value)).orElseThrow();
    }

    /** The values that some step reads in native memory or that are outputs, whether constants or not. */
    private Set<Integer> constantsRead(List<Step> steps) {
        Set<Integer> read = new HashSet<>();
        graph.outputs().forEach(output -> read.add(number(output.name())));
        for (Step step : steps) {
            for (int i = 0; i < step.inputs().length; i++) {
                if (step.readsConstant(i)) {
                    read.add(step.inputs()[i]);
                }
            }
        }
        return read;
    }

    private Binding bind(String value, ArenaLayout layout, boolean read, Arena arena) {
        if (isKnown(value) && !read) {
            return new Binding.Constant(known(value));
        }
        if (target.constants.has(value)) {
            return new Binding.Constant(target.constants.get(value));
        }
        if (isKnown(value)) {
            return new Binding.Constant(Kernels.nativeCopy(known(value), arena));
        }
        TensorType type = inferred.types().get(value);
        return type == null ? new Binding.AtRunTime() : new Binding.Placed(type, layout.offset(value));
    }

    private Step step(int index, Optional<Choice> choice, Arena arena) {
        Node node = nodes.get(index);
        int[] inputs = node.inputs().stream().mapToInt(this::number).toArray();
        int[] outputs = node.outputs().stream().mapToInt(this::number).toArray();
        if (choice.isEmpty()) {
            DynamicStep.Surroundings surroundings = new DynamicStep.Surroundings(
                            target.backend, arena, weights(node, arena), target.budget);
            return new DynamicStep(node, inputs, outputs, knownInputs(node), surroundings);
        }
        KernelSpec spec = choice.get().spec;
        Precision precision = spec.inputs().has(0)
                ? Precision.of(spec.inputs().dtype(0))
                : Precision.of(spec.outputs().get(0).dtype());
        PlanStep info = new PlanStep(
                node.name(), node.op().type().name(), choice.get().factory.name(), precision, spec.outputs());
        Kernel kernel;
        try {
            kernel = choice.get().factory.prepare().apply(spec);
        } catch (dev.octet.graph.ModelException e) {
            throw Kernels.placed(node, e);
        }
        return new StaticStep(node, info, kernel, index, inputs, outputs);
    }

    private Map<String, Integer> inputNumbers() {
        Map<String, Integer> inputs = new LinkedHashMap<>();
        for (ValueInfo input : graph.inputs()) {
            Integer number = numbers.get(input.name());
            if (number != null) {
                inputs.put(input.name(), number);
            }
        }
        return inputs;
    }

    private List<List<Program.Output>> outputsByStep() {
        List<List<Program.Output>> byStep = new ArrayList<>();
        for (int i = 0; i <= nodes.size(); i++) {
            byStep.add(new ArrayList<>());
        }
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String value : nodes.get(i).outputs()) {
                places.put(value, i + 1);
            }
        }
        for (String output :
                graph.outputs().stream().map(ValueInfo::name).distinct().toList()) {
            int place = isKnown(output) ? 0 : places.getOrDefault(output, 0);
            byStep.get(place).add(new Program.Output(output, number(output)));
        }
        return byStep;
    }
}
