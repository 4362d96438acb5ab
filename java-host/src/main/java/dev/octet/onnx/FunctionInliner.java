package dev.octet.onnx;

import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts the nodes of model-local functions in place of the calls. */
final class FunctionInliner {
    static final int MAX_DEPTH = 32;
    static final int MAX_NODES = Wire.MAX_ENTRIES;

    /** Longer call names are cut, lest names of names grow without end. */
    private static final int MAX_PREFIX = 200;

    private final Map<String, FunctionProto> functions = new HashMap<>();
    private final FreshNames names;
    private int expanded;
    private final List<Scoped> flat = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();

    /**
     * A node and the operator sets that apply to it.
     *
     * @param versions by domain
     */
    record Scoped(NodeProto node, Map<String, Long> versions) {}

    /**
     * Creates the inliner.
     *
     * @param names gives the inlined nodes and values theirs
     */
    FunctionInliner(List<FunctionProto> functions, FreshNames names) {
        this.names = names;
        for (FunctionProto function : functions) {
            if (this.functions.put(key(function.domain(), function.name()), function) != null) {
                throw ModelException.invalid(function.label() + " is defined twice");
            }
        }
    }

    private static String key(String domain, String name) {
        return domain + "::" + name;
    }

    List<Scoped> flatten(List<NodeProto> nodes, Map<String, Long> versions) {
        nodes.forEach(node -> expand(node, versions));
        return flat;
    }

    private void expand(NodeProto node, Map<String, Long> versions) {
        if (!calls.isEmpty() && ++expanded > MAX_NODES) {
            throw ModelException.limit("functions have more than " + MAX_NODES + " nodes and calls once inlined");
        }
        String key = key(node.domain(), node.opType());
        FunctionProto function = functions.get(key);
        if (function == null || !versions.containsKey(node.domain())) {
            flat.add(new Scoped(node, versions));
            return;
        }
        if (calls.contains(key)) {
            throw ModelException.invalid(function.label() + " calls itself: call cycle "
                    + Names.escape(
                            String.join(" -> ", calls.subList(calls.indexOf(key), calls.size())) + " -> " + key));
        }
        if (calls.size() >= MAX_DEPTH) {
            throw ModelException.limit(function.label() + " exceeds the function call depth limit " + MAX_DEPTH);
        }
        if (node.inputs().size() > function.inputs().size()
                || node.outputs().size() > function.outputs().size()) {
            throw ModelException.invalid(RawNode.describe(node.name(), node.opType())
                    + " passes more inputs or outputs than " + function.label() + " has");
        }
        calls.add(key);
        new Call(function, node)
                .inline(function.opsets().isEmpty() ? versions : ModelProto.versions(function.opsets()));
        calls.removeLast();
    }

    /** One call being inlined. */
    private final class Call {
        private final FunctionProto function;
        private final String prefix;
        private final Map<String, String> renamed = new HashMap<>();
        private final Map<String, AttributeProto> arguments = new HashMap<>();
        private final List<NodeProto> copies = new ArrayList<>();

        Call(FunctionProto function, NodeProto call) {
            this.function = function;
            String label = call.name().isEmpty() ? call.opType() : call.name();
            this.prefix = label.substring(0, Math.min(label.length(), MAX_PREFIX)) + "/";
            renamed.put("", "");
            for (int i = 0; i < function.inputs().size(); i++) {
                renamed.put(
                        function.inputs().get(i),
                        i < call.inputs().size() ? call.inputs().get(i) : "");
            }
            for (int i = 0; i < call.outputs().size(); i++) {
                bindOutput(function.outputs().get(i), call.outputs().get(i));
            }
            function.defaults().forEach(attribute -> arguments.put(attribute.name(), attribute));
            call.attributes().forEach(attribute -> arguments.put(attribute.name(), attribute));
        }

        private void bindOutput(String inner, String outer) {
            if (outer.isEmpty()) {
                return;
            }
            String earlier = renamed.putIfAbsent(inner, outer);
            if (earlier != null) {
                copies.add(new NodeProto(
                        prefix + "Identity", "", "Identity", List.of(earlier), List.of(outer), List.of()));
            }
        }

        void inline(Map<String, Long> versions) {
            for (NodeProto node : function.nodes()) {
                expand(
                        new NodeProto(
                                names.of(prefix + (node.name().isEmpty() ? node.opType() : node.name())),
                                node.domain(),
                                node.opType(),
                                node.inputs().stream().map(this::rename).toList(),
                                node.outputs().stream().map(this::rename).toList(),
                                bind(node.attributes())),
                        versions);
            }
            copies.forEach(copy -> expand(copy, versions));
        }

        private String rename(String value) {
            return renamed.computeIfAbsent(value, inner -> names.of(prefix + inner));
        }

        private List<AttributeProto> bind(List<AttributeProto> attributes) {
            List<AttributeProto> bound = new ArrayList<>();
            for (AttributeProto attribute : attributes) {
                if (attribute.reference().isEmpty()) {
                    bound.add(attribute);
                } else if (arguments.containsKey(attribute.reference())) {
                    AttributeProto argument = arguments.get(attribute.reference());
                    bound.add(new AttributeProto(attribute.name(), "", argument.value()));
                }
            }
            return bound;
        }
    }

    /** All value and node names of a graph. */
    static Set<String> namesOf(GraphProto graph) {
        Set<String> names = new HashSet<>();
        graph.inputs().forEach(input -> names.add(input.name()));
        graph.initializers().forEach(tensor -> names.add(tensor.name()));
        graph.sparseInitializers().forEach(tensor -> names.add(tensor.name()));
        for (NodeProto node : graph.nodes()) {
            names.add(node.name());
            names.addAll(node.inputs());
            names.addAll(node.outputs());
        }
        return names;
    }
}
