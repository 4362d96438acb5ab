package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.OpType;
import dev.octet.graph.TypeVerifier;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Ops;
import dev.octet.graph.op.TypeCodes;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** Assembles a graph from a graph message: constants, declared values, and nodes brought to the newest form. */
final class GraphBuilder {
    /** ONNX Runtime's exporters wrote these into ONNX's domain, with the meaning they have now, before ONNX had them. */
    private static final Set<String> FOUND_EARLIER = Set.of("LayerNormalization");

    private static final int MAX_WARNINGS = 20;

    private final GraphProto proto;
    private final AttributeReader attributes;
    private final Map<String, Tensor> constants;
    private final KnownTypes known;
    private final List<Node> nodes = new ArrayList<>();
    private final FreshNames names;
    private final Set<String> nodeNames = new HashSet<>();
    private final Consumer<String> warnings;
    private final Set<String> warned = new HashSet<>();

    private GraphBuilder(GraphProto proto, TensorReader tensors, Consumer<String> warnings) {
        this.proto = proto;
        this.warnings = warnings;
        this.attributes = new AttributeReader(tensors);
        this.constants = new LinkedHashMap<>();
        for (TensorProto initializer : proto.initializers()) {
            addInitializer(initializer.name(), tensors.read(initializer));
        }
        for (SparseTensorProto initializer : proto.sparseInitializers()) {
            addInitializer(initializer.name(), tensors.readSparse(initializer));
        }
        this.known = new KnownTypes(constants);
        this.names = new FreshNames(FunctionInliner.namesOf(proto));
    }

    static Graph build(ModelProto model, GraphProto proto, TensorReader tensors, Consumer<String> warnings) {
        return new GraphBuilder(proto, tensors, warnings).build(model);
    }

    private void addInitializer(String name, Tensor tensor) {
        if (constants.put(name, tensor) != null) {
            throw ModelException.invalid("tensor \"" + Names.escape(name) + "\" is an initializer twice");
        }
    }

    private Graph build(ModelProto model) {
        List<ValueInfo> inputs = declaredInputs();
        inputs.forEach(known::addInput);
        proto.valueInfos()
                .forEach(info -> known.declareRank(info.name(), info.type().dims()));
        proto.outputs()
                .forEach(info -> known.declareRank(info.name(), info.type().dims()));
        FunctionInliner inliner = new FunctionInliner(model.functions(), names);
        List<FunctionInliner.Scoped> flat = inliner.flatten(proto.nodes(), ModelProto.versions(model.opsets()));
        IdentityHashMap<FunctionInliner.Scoped, String> nodeLabels = new IdentityHashMap<>();
        for (int i = 0; i < flat.size(); i++) {
            nodeLabels.put(flat.get(i), uniqueNodeName(flat.get(i).node(), i));
        }
        for (FunctionInliner.Scoped scoped : NodeOrder.sorted(flat)) {
            String name = java.util.Objects.requireNonNull(nodeLabels.get(scoped));
            try {
                addNode(name, scoped);
            } catch (ModelException e) {
                String place = RawNode.describe(name, scoped.node().opType());
                throw String.valueOf(e.getMessage()).startsWith("node ") ? e : e.at(place);
            }
        }
        return new Graph(proto.name(), inputs, declaredOutputs(), nodes, constants);
    }

    /** The inputs that a caller feeds: those that are also initializers (all of them, in IR 3) are constants. */
    private List<ValueInfo> declaredInputs() {
        List<ValueInfo> inputs = new ArrayList<>();
        for (ValueInfoProto input : proto.inputs()) {
            if (!constants.containsKey(input.name())) {
                inputs.add(declared("input", input, dtype("input", input)));
            }
        }
        return inputs;
    }

    private List<ValueInfo> declaredOutputs() {
        List<ValueInfo> outputs = new ArrayList<>();
        for (ValueInfoProto output : proto.outputs()) {
            Optional<DType> found = known.dtype(output.name());
            DType declared =
                    output.type().elementType() == 0 && found.isPresent() ? found.get() : dtype("output", output);
            if (found.isPresent() && found.get() != declared) {
                throw ModelException.invalid("output \"" + Names.escape(output.name()) + "\" is declared with type "
                        + declared.label() + " but has type " + found.get().label());
            }
            ValueInfo info = declared("output", output, declared);
            known.exactShape(output.name()).ifPresent(shape -> DeclaredShapes.require(info, shape));
            outputs.add(info);
        }
        return outputs;
    }

    private static DType dtype(String role, ValueInfoProto info) {
        try {
            return switch (info.type().kind()) {
                case TENSOR -> TypeCodes.dtype("data_type", info.type().elementType());
                case NONE -> throw ModelException.invalid("it has no type");
                case SEQUENCE, MAP, OPTIONAL, SPARSE ->
                    throw ModelException.unsupported(
                            "it is a " + info.type().kind().name().toLowerCase(Locale.ROOT) + ", not a tensor");
            };
        } catch (ModelException e) {
            throw e.at(role + " \"" + Names.escape(info.name()) + "\"");
        }
    }

    private static ValueInfo declared(String role, ValueInfoProto info, DType dtype) {
        if (info.name().isEmpty()) {
            throw ModelException.invalid("an " + role + " of the graph has no name");
        }
        return new ValueInfo(info.name(), dtype, info.type().dims());
    }

    private String uniqueNodeName(NodeProto node, int index) {
        if (!node.name().isEmpty() && nodeNames.add(node.name())) {
            return node.name();
        }
        String base = node.name().isEmpty() ? node.opType() + "_" + index : node.name();
        String name = names.of(base);
        nodeNames.add(name);
        return name;
    }

    private void addNode(String name, FunctionInliner.Scoped scoped) {
        NodeProto node = scoped.node();
        long opset = requireKnownOperator(node, scoped.versions());
        RawNode raw = new RawNode(
                name,
                node.opType(),
                opset,
                attributes.read(node.attributes()),
                withoutTrailingEmpty(node.inputs()),
                withoutTrailingEmpty(node.outputs()));
        if (raw.opType().equals("Constant")) {
            addConstant(raw.outputs().isEmpty() ? "" : raw.outputs().get(0), ConstantNodes.value(raw));
            return;
        }
        RawNode converted = Conversions.convert(raw, new NodeRewrite(name));
        append(converted.name(), converted.opType(), converted.attributes(), converted.inputs(), converted.outputs());
    }

    private static long requireKnownOperator(NodeProto node, Map<String, Long> versions) {
        String operator =
                (node.domain().isEmpty() ? "" : Names.escape(node.domain()) + "::") + Names.escape(node.opType());
        if (node.opType().isEmpty()) {
            throw ModelException.invalid("op_type is empty");
        }
        Long opset = versions.get(node.domain());
        if (opset == null) {
            throw ModelException.invalid("operator " + operator + " is of domain "
                    + ModelProto.OpsetId.label(node.domain()) + ", which opset_import does not list");
        }
        if (!node.domain().isEmpty()) {
            throw ModelException.unsupported("operator " + operator + " of domain " + Names.escape(node.domain())
                    + " is not supported: only ONNX's own domain is");
        }
        Optional<OpType> type = Ops.find(node.opType());
        boolean converted = ConstantNodes.NAMES_ONLY_READ.contains(node.opType());
        if (type.isEmpty() && !converted) {
            throw ModelException.unsupported("operator " + operator + " (opset " + opset + ") is not supported");
        }
        if (type.isPresent() && opset < type.get().introduced() && !FOUND_EARLIER.contains(node.opType())) {
            throw ModelException.invalid("operator " + operator + " exists since opset "
                    + type.get().introduced() + ", the model declares opset " + opset);
        }
        return opset;
    }

    private static List<String> withoutTrailingEmpty(List<String> values) {
        int count = values.size();
        while (count > 0 && values.get(count - 1).isEmpty()) {
            count--;
        }
        return values.subList(0, count);
    }

    private void addConstant(String name, Tensor tensor) {
        if (known.dtype(name).isPresent()) {
            throw ModelException.invalid("tensor \"" + Names.escape(name) + "\" is defined twice");
        }
        constants.put(name, tensor);
        known.addConstant(name, tensor);
    }

    private void append(
            String name, String opType, Attributes nodeAttributes, List<String> inputs, List<String> outputs) {
        OpType type = Ops.find(opType)
                .orElseThrow(
                        () -> ModelException.unsupported("operator " + Names.escape(opType) + " is not supported"));
        List<String> trimmed = withoutTrailingEmpty(inputs);
        requireCount("input", trimmed.size(), type.minInputs(), type.maxInputs());
        int absent = trimmed.subList(0, type.minInputs()).indexOf("");
        if (absent >= 0) {
            throw ModelException.invalid("input " + absent + " is absent but required");
        }
        requireCount("output", outputs.size(), type.minOutputs(), type.maxOutputs());
        Op op = type.read().apply(nodeAttributes);
        nodeAttributes.unread().forEach(attribute -> warnUnknown(name, opType, attribute));
        Node node = new Node(name, op, trimmed, outputs);
        known.addNode(node);
        if (trimmed.stream()
                .allMatch(input -> input.isEmpty() || known.dtype(input).isPresent())) {
            QuantizationCheck.require(node, input -> Optional.ofNullable(constants.get(input)));
            QuantizationCheck.requireSameType(node, known::dtype);
            TypeVerifier.verify(node, input -> known.dtype(input).orElseThrow());
        }
        nodes.add(node);
    }

    /** ONNX calls a model with such an attribute invalid; old exporters wrote them, so it is told once an operator. */
    private void warnUnknown(String node, String opType, String attribute) {
        if (warned.add(opType + ' ' + attribute) && warned.size() <= MAX_WARNINGS) {
            warnings.accept(RawNode.describe(node, opType) + ": attribute " + Names.escape(attribute)
                    + " is not one of this operator's, so it is ignored");
        }
    }

    private static void requireCount(String what, int count, int min, int max) {
        if (count < min || count > max) {
            String expected = min == max ? "" + min : min + (max == OpType.ANY ? " or more" : " to " + max);
            throw ModelException.invalid(
                    "it has " + count + " " + what + (count == 1 ? "" : "s") + ", expected " + expected);
        }
    }

    /** Adds to this graph what the conversion of one node needs. */
    private final class NodeRewrite implements Rewrite {
        private final String base;

        NodeRewrite(String base) {
            this.base = base;
        }

        @Override
        public String constant(String hint, Tensor value) {
            String name = names.of(base + "/" + hint);
            addConstant(name, value);
            return name;
        }

        @Override
        public String add(String opType, Attributes nodeAttributes, String... inputs) {
            String output = names.of(base + "/" + opType);
            addNamed(output, opType, nodeAttributes, inputs);
            return output;
        }

        @Override
        public void addNamed(String output, String opType, Attributes nodeAttributes, String... inputs) {
            String name = names.of(output + "/node");
            nodeNames.add(name);
            append(name, opType, nodeAttributes, List.of(inputs), List.of(output));
        }

        @Override
        public Optional<DType> dtype(String value) {
            return known.dtype(value);
        }

        @Override
        public OptionalInt rank(String value) {
            return known.rank(value);
        }

        @Override
        public Optional<Tensor> value(String name) {
            return Optional.ofNullable(constants.get(name));
        }
    }
}
