package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Names;
import dev.octet.graph.Node;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One application of the rules of {@link Placement} to one graph. */
final class PlacementRules {
    private final Graph graph;
    private final QuantizationOptions options;
    private final Map<String, List<Placement.Use>> uses = new LinkedHashMap<>();
    private final QuantizedBehind quantizedBehind;
    private final Set<String> integerProducts = new LinkedHashSet<>();
    private final Map<String, NodePrecision> decisions = new HashMap<>();

    PlacementRules(Graph graph, QuantizationOptions options) {
        this.graph = graph;
        this.options = options;
        this.quantizedBehind = new QuantizedBehind(graph);
    }

    Placement place() {
        graph.nodes().stream().filter(Operators::isLinear).forEach(this::placeLinear);
        // From the end: whether an Add is requantized may depend on the residual input of a later one.
        for (Node node : graph.nodes().reversed()) {
            if (Operators.is(node, "Add")) {
                placeResidual(node);
            } else if (Operators.is(node, "GlobalAveragePool", "AveragePool")) {
                placeAveragePool(node);
            }
        }
        List<NodePrecision> nodes = graph.nodes().stream()
                .filter(node -> graph.dtype(node.output()).isFloat())
                .map(this::decision)
                .toList();
        return new Placement(
                inTopologicalOrder(), new SharedScales(graph, uses.keySet()).owners(), integerProducts, nodes);
    }

    private Map<String, List<Placement.Use>> inTopologicalOrder() {
        Map<String, List<Placement.Use>> ordered = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            for (String input : node.inputs()) {
                List<Placement.Use> list = uses.get(input);
                if (list != null) {
                    ordered.putIfAbsent(input, list);
                }
            }
        }
        return ordered;
    }

    private Optional<Precision> declared(Node node) {
        return Optional.ofNullable(options.declared().get(node.name()));
    }

    private boolean isDeclaredWider(Node node) {
        return declared(node).filter(precision -> precision != Precision.INT8).isPresent();
    }

    private void decide(Node node, Precision precision, String reason) {
        decisions.put(
                node.name(), new NodePrecision(node.name(), node.op().type().name(), precision, reason));
    }

    /** The decision for a node, made by a rule or by the absence of one. */
    private NodePrecision decision(Node node) {
        NodePrecision made = decisions.get(node.name());
        if (made != null) {
            return made;
        }
        String op = node.op().type().name();
        Precision precision = declared(node).orElse(Precision.FP32);
        if (precision == Precision.INT8 && !isCarrier(node)) {
            throw new ConfigException(node.describe() + ": int8 wanted, but no rule quantizes this " + op + " here");
        }
        String reason = declared(node).isPresent()
                ? "declared " + precision.name().toLowerCase(java.util.Locale.ROOT)
                : isCarrier(node) ? "follows its neighbours" : "no rule quantizes " + op;
        return new NodePrecision(node.name(), op, precision, reason);
    }

    /** Operators that run on integers or fuse wherever their neighbours do. */
    private boolean isCarrier(Node node) {
        return Commuting.is(graph, node) || Operators.is(node, "Relu", "Clip", "QuantizeLinear", "DequantizeLinear");
    }

    private void use(String value, Node node, int input, String why) {
        if (isDequantized(value)) {
            return;
        }
        quantizedBehind.add(value);
        uses.computeIfAbsent(value, _ -> new ArrayList<>()).add(new Placement.Use(node.name(), input, why));
    }

    private boolean isDequantized(String value) {
        return graph.producer(value)
                .filter(node -> Operators.is(node, "DequantizeLinear"))
                .isPresent();
    }

    private void placeLinear(Node node) {
        if (isDeclaredWider(node)) {
            return;
        }
        if (isDequantized(node.input(0)) && isDequantized(node.input(1))) {
            decide(node, Precision.INT8, "already quantized in the model");
            return;
        }
        Optional<String> obstacle = LinearEligibility.whyFloat(graph, node);
        if (obstacle.isPresent()) {
            if (declared(node).isPresent()) {
                throw new ConfigException(node.describe() + ": int8 wanted, but " + obstacle.get());
            }
            decide(node, Precision.FP32, obstacle.get());
            return;
        }
        List<String> quantized = new ArrayList<>();
        for (int input = 0; input < 2; input++) {
            if (!graph.isConstant(node.input(input))) {
                use(node.input(input), node, input, "input " + input + " of " + node.describe());
                quantized.add(Names.escape(node.input(input)));
            }
        }
        integerProducts.add(node.name());
        decide(node, Precision.INT8, "quantized: " + String.join(", ", quantized));
    }

    private void placeResidual(Node add) {
        if (isDeclaredWider(add) || graph.dtype(add.output()) != DType.F32) {
            return;
        }
        Optional<Integer> main = mainInput(add);
        if (main.isEmpty()) {
            return;
        }
        int residual = 1 - main.get();
        String value = add.input(residual);
        if (isRequantized(add.output())) {
            use(value, add, residual, "residual input of " + add.describe());
            decide(add, Precision.INT8, "fuses with the product before it; residual " + Names.escape(value));
        } else if (uses.containsKey(value)) {
            // Read as a float by this Add alone, the value would keep what makes it from fusing.
            use(value, add, residual, "residual input of " + add.describe() + ", quantized for others anyway");
        }
    }

    /** Whether all that reads a value, behind a Relu or Clip, quantizes it: else fusing the Add gains nothing. */
    private boolean isRequantized(String value) {
        String behind = value;
        while (!quantizedBehind.contains(behind)) {
            Optional<Node> clamp = graph.onlyConsumer(behind).filter(node -> Operators.is(node, "Relu", "Clip"));
            if (clamp.isEmpty()) {
                return false;
            }
            behind = clamp.get().output();
        }
        return true;
    }

    /** The input of an Add that a quantized product writes for it alone; of two the one on the longer path. */
    private Optional<Integer> mainInput(Node add) {
        boolean first = isIntegerProduct(add.input(0)) && isActivation(add.input(1));
        boolean second = isIntegerProduct(add.input(1)) && isActivation(add.input(0));
        if (add.input(0).equals(add.input(1)) || (!first && !second)) {
            return Optional.empty();
        }
        if (first && second) {
            return Optional.of(depth(add.input(1)) > depth(add.input(0)) ? 1 : 0);
        }
        return Optional.of(first ? 0 : 1);
    }

    private boolean isActivation(String value) {
        return !graph.isConstant(value);
    }

    private boolean isIntegerProduct(String value) {
        Optional<Node> producer = graph.onlyConsumer(value).isPresent() ? graph.producer(value) : Optional.empty();
        if (producer.isEmpty()) {
            return false;
        }
        Node node = producer.get();
        boolean addsBias =
                Operators.is(node, "Add") && (graph.isConstant(node.input(0)) || graph.isConstant(node.input(1)));
        if (addsBias) {
            String product = node.input(graph.isConstant(node.input(0)) ? 1 : 0);
            return graph.producer(product)
                            .filter(p -> Operators.is(p, "MatMul"))
                            .isPresent()
                    && isIntegerProduct(product);
        }
        return integerProducts.contains(node.name());
    }

    private final Map<String, Integer> depths = new HashMap<>();

    /** The largest number of linear nodes on a path from an input of the graph. */
    private int depth(String value) {
        if (depths.isEmpty()) {
            for (Node node : graph.nodes()) {
                int depth = node.inputs().stream()
                        .mapToInt(input -> depths.getOrDefault(input, 0))
                        .max()
                        .orElse(0);
                node.outputs().forEach(output -> depths.put(output, depth + (Operators.isLinear(node) ? 1 : 0)));
            }
        }
        return depths.getOrDefault(value, 0);
    }

    private void placeAveragePool(Node pool) {
        if (isDeclaredWider(pool) || graph.dtype(pool.output()) != DType.F32) {
            return;
        }
        boolean wanted = options.averagePools() || declared(pool).isPresent();
        boolean anyway = uses.containsKey(pool.input(0));
        if ((wanted || anyway) && quantizedBehind.contains(pool.output())) {
            use(pool.input(0), pool, 0, "input of " + pool.describe());
            decide(
                    pool,
                    Precision.INT8,
                    anyway ? "its input is quantized anyway" : "average pools are to be quantized");
        }
    }
}
