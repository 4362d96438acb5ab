package dev.octet.runtime;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.OpInputs;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.tensor.BackendException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Makes a graph and the shapes of its inputs into a program: infers types, drops what is known beforehand or not needed,
 * chooses kernels, places values in memory, and only then, if all of it fits, lets the kernels pack their weights.
 */
final class PlanCompiler {
    /** For steps whose output is there already. */
    private static final KernelFactory IN_PLACE = KernelFactory.of("in_place", _ -> (_, _) -> {});

    private final Graph graph;
    private final Target target;
    private final LiveNodes live;
    private double operations;

    /**
     * What programs are made for.
     *
     * @param backend computes in host memory: everything known beforehand, and all steps that no device computes
     */
    record Target(
            Backend backend,
            Optional<Device> device,
            ConstantStore constants,
            MemoryBudget budget,
            ComputeBudget compute) {}

    /** What computes a node. */
    private sealed interface Choice {
        record OnHost(KernelSpec spec, KernelFactory factory) implements Choice {}

        record OnDevice(KernelSpec spec, DeviceKernelFactory factory) implements Choice {}

        /** Chosen in each run, because the types are known only then. */
        record AtRunTime() implements Choice {}
    }

    private PlanCompiler(Graph graph, Map<String, Shape> inputShapes, Target target) {
        this.graph = graph;
        this.target = target;
        this.live = new LiveNodes(graph, ShapeInference.infer(graph, inputShapes, new NodeEvaluator(target.backend)));
    }

    /**
     * Compiles.
     *
     * @param inputShapes the shape of every graph input
     * @throws ModelException if a node's inputs do not fit it, no kernel can compute it, or it needs too much memory
     * @throws dev.octet.tensor.BackendException if a device cannot take the weights
     */
    static Program compile(Graph graph, Map<String, Shape> inputShapes, Target target) {
        PlanCompiler compiler = new PlanCompiler(graph, inputShapes, target);
        Arena arena = new BudgetedArena(target.budget);
        try {
            return target.device.isPresent()
                    ? compiler.deviceProgram(target.device.get(), arena)
                    : compiler.hostProgram(arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private Program hostProgram(Arena arena) {
        List<Choice> choices = choices(arena);
        SharedPlaces shared = new SharedPlaces(
                live, choices.stream().map(PlanCompiler::outputPlace).toList());
        ArenaLayout layout = new ArenaLayout(shared.owners(live.lifetimes()));
        shared.addTo(layout);
        long constantBytes = live.knownBytes();
        target.budget.check("the plan", Math.addExact(layout.sizeBytes(), constantBytes));
        List<HostStep> steps = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            steps.add(hostStep(i, placed(choices.get(i), i, shared), arena));
        }
        List<Binding> bindings = new Bindings(live, target.constants, arena).onHost(steps, layout, _ -> true);
        HostProgram.Content content = new HostProgram.Content(bindings, steps, inputs(shared), live.outputsByStep());
        Plan plan = plan(target.backend.name(), steps, layout.sizeBytes(), constantBytes);
        return new HostProgram(plan, content, arena, runBudget());
    }

    /** The inputs; what others share memory with, or what is an output as well, is copied. */
    private Map<String, HostProgram.Input> inputs(SharedPlaces shared) {
        Map<String, IntStream.Builder> readers = new HashMap<>();
        for (int step = 0; step < live.nodes().size(); step++) {
            for (String input : Set.copyOf(live.nodes().get(step).inputs())) {
                readers.computeIfAbsent(input, _ -> IntStream.builder()).add(step);
            }
        }
        Map<String, HostProgram.Input> inputs = new LinkedHashMap<>();
        live.inputs().forEach((name, number) -> {
            boolean copied = shared.isOwner(name) || live.isOutput(name);
            IntStream.Builder steps = copied ? IntStream.builder() : readers.getOrDefault(name, IntStream.builder());
            inputs.put(name, new HostProgram.Input(number, steps.build().toArray()));
        });
        return inputs;
    }

    private static KernelFactory.OutputPlace outputPlace(Choice choice) {
        return choice instanceof Choice.OnHost(KernelSpec spec, KernelFactory factory)
                ? factory.output().apply(spec)
                : KernelFactory.OutputPlace.OWN;
    }

    /** The choice with its output where it shares memory. */
    private static Choice placed(Choice choice, int index, SharedPlaces shared) {
        if (!(choice instanceof Choice.OnHost(KernelSpec spec, KernelFactory factory))) {
            return choice;
        }
        return new Choice.OnHost(
                spec.withOutput(shared.rowStride(index), shared.isChannelsLast(index)),
                shared.isIdle(index) ? IN_PLACE : factory);
    }

    private Program deviceProgram(Device device, Arena arena) {
        List<Choice> choices = choices(arena);
        Sides sides = new Sides(live, onDevice(choices));
        ArenaLayout memory = new ArenaLayout(sides.deviceLifetimes());
        ArenaLayout staging = new ArenaLayout(sides.hostLifetimes());
        long constantBytes = live.knownBytes();
        long frameBytes = Math.addExact(memory.sizeBytes(), staging.sizeBytes());
        target.budget.check("the plan", Math.addExact(frameBytes, constantBytes));
        device.requireFree("the plan", memory.sizeBytes());
        List<Step> steps = new ArrayList<>();
        List<Step> hostSteps = new ArrayList<>();
        List<Step> deviceSteps = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            Step step = choices.get(i) instanceof Choice.OnDevice choice
                    ? deviceStep(i, choice)
                    : hostStep(i, choices.get(i), arena);
            steps.add(step);
            (step instanceof DeviceStep ? deviceSteps : hostSteps).add(step);
        }
        Bindings bindings = new Bindings(live, target.constants, arena);
        DeviceProgram.Content content = new DeviceProgram.Content(
                bindings.onHost(hostSteps, staging, sides::onHost),
                bindings.onDevice(deviceSteps, memory, sides::onDevice, device),
                steps,
                sides.transfers(),
                live.inputs(),
                live.outputsByStep().stream().flatMap(List::stream).toList(),
                new DeviceProgram.Memory(device, memory.sizeBytes(), staging.sizeBytes(), runBudget()));
        return new DeviceProgram(plan(device.name(), steps, frameBytes, constantBytes), content, arena);
    }

    private Plan plan(String backend, List<? extends Step> steps, long frameBytes, long constantBytes) {
        List<PlanStep> infos = steps.stream().map(Step::info).toList();
        List<Plan.Fallback> fallbacks = new ArrayList<>(Fallbacks.find(graph, infos));
        if (target.device.isPresent()) {
            fallbacks.addAll(Fallbacks.onHost(target.device.get().name(), steps));
        }
        return new Plan(backend, infos, fallbacks, frameBytes, constantBytes);
    }

    private RunBudget runBudget() {
        return new RunBudget(target.budget, target.compute, operations);
    }

    private static BitSet onDevice(List<Choice> choices) {
        BitSet set = new BitSet();
        for (int i = 0; i < choices.size(); i++) {
            set.set(i, choices.get(i) instanceof Choice.OnDevice);
        }
        return set;
    }

    private List<Choice> choices(Arena arena) {
        List<Choice> choices =
                live.nodes().stream().map(node -> choose(node, arena)).toList();
        target.compute.check("the plan", operations);
        return choices;
    }

    private Choice choose(Node node, Arena arena) {
        for (String input : node.inputs()) {
            if (!input.isEmpty() && live.type(input).isEmpty()) {
                return new Choice.AtRunTime();
            }
        }
        List<Optional<TensorType>> types =
                node.inputs().stream().map(live::type).toList();
        List<Optional<Tensor>> values = knownInputs(node);
        List<TensorType> outputs;
        try {
            outputs = ShapeInference.outputTypes(node, types, values);
        } catch (DataDependentShapeException e) {
            return new Choice.AtRunTime();
        }
        target.budget.check(node, outputs);
        operations += target.compute.check(node, types, outputs);
        OpInputs inputs = new OpInputs(types, values, outputs.size());
        if (target.device.isPresent()) {
            SharedWeights weights = constant(node) ? target.constants.deviceWeights() : new SharedWeights(arena);
            KernelSpec spec = new KernelSpec(node, inputs, outputs, arena, weights);
            Optional<DeviceKernelFactory> factory = target.device.get().kernel(spec);
            if (factory.isPresent()) {
                return new Choice.OnDevice(spec, factory.get());
            }
        }
        KernelSpec spec = new KernelSpec(node, inputs, outputs, arena, hostWeights(node, arena));
        return new Choice.OnHost(spec, Kernels.choose(target.backend, spec));
    }

    /** Shared by all plans where the node's known inputs are; what was computed from shapes is this plan's own. */
    private SharedWeights hostWeights(Node node, Arena arena) {
        return constant(node) ? target.constants.weights() : new SharedWeights(arena);
    }

    private boolean constant(Node node) {
        return node.inputs().stream().filter(live::isKnown).allMatch(target.constants::has);
    }

    private List<Optional<Tensor>> knownInputs(Node node) {
        return node.inputs().stream()
                .map(input -> live.isKnown(input) ? Optional.of(live.known(input)) : Optional.<Tensor>empty())
                .toList();
    }

    private Step deviceStep(int index, Choice.OnDevice choice) {
        Node node = live.nodes().get(index);
        DeviceKernel kernel = prepared(node, choice.factory.prepare(), choice.spec);
        return new DeviceStep(
                node,
                info(choice.spec, choice.factory.name()),
                kernel,
                index,
                live.numbers(node.inputs()),
                live.numbers(node.outputs()));
    }

    private HostStep hostStep(int index, Choice choice, Arena arena) {
        Node node = live.nodes().get(index);
        int[] inputs = live.numbers(node.inputs());
        int[] outputs = live.numbers(node.outputs());
        return switch (choice) {
            case Choice.OnHost(KernelSpec spec, KernelFactory factory) ->
                new StaticStep(
                        node,
                        info(spec, factory.name()),
                        prepared(node, factory.prepare(), spec),
                        index,
                        inputs,
                        outputs);
            case Choice.AtRunTime _ -> {
                DynamicStep.Surroundings surroundings =
                        new DynamicStep.Surroundings(target.backend, arena, hostWeights(node, arena));
                yield new DynamicStep(node, inputs, outputs, knownInputs(node), surroundings);
            }
            case Choice.OnDevice _ -> throw new IllegalStateException(node.describe() + " is computed by a device");
        };
    }

    private static PlanStep info(KernelSpec spec, String kernel) {
        Precision precision = spec.inputs().has(0)
                ? Precision.of(spec.inputs().dtype(0))
                : Precision.of(spec.outputs().get(0).dtype());
        Node node = spec.node();
        return new PlanStep(node.name(), node.op().type().name(), kernel, precision, spec.outputs());
    }

    private static <K> K prepared(Node node, Function<KernelSpec, K> prepare, KernelSpec spec) {
        try {
            return prepare.apply(spec);
        } catch (ModelException e) {
            throw Kernels.placed(node, e);
        } catch (BackendException e) {
            throw e.at(node.describe());
        } catch (ArithmeticException e) {
            throw Kernels.overflow(node, e);
        }
    }
}
