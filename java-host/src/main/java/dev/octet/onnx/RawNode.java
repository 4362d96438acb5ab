package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.graph.Names;
import dev.octet.tensor.Tensor;
import java.util.List;

/**
 * A node of ONNX's own domain on its way from the file to the graph.
 *
 * @param opset the operator set whose form it has
 */
record RawNode(
        String name, String opType, long opset, Attributes attributes, List<String> inputs, List<String> outputs) {
    RawNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    String describe() {
        return describe(name, opType);
    }

    static String describe(String name, String opType) {
        return "node \"" + Names.escape(name) + "\" (" + Names.escape(opType) + ")";
    }

    /** The value at an input, empty if it is absent. */
    String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    boolean hasInput(int index) {
        return !input(index).isEmpty();
    }

    boolean hasOutput(int index) {
        return index < outputs.size() && !outputs.get(index).isEmpty();
    }

    RawNode withInputs(String... newInputs) {
        return new RawNode(name, opType, opset, attributes, List.of(newInputs), outputs);
    }

    RawNode withOutputs(String... newOutputs) {
        return new RawNode(name, opType, opset, attributes, inputs, List.of(newOutputs));
    }

    RawNode withAttributes(Attributes newAttributes) {
        return new RawNode(name, opType, opset, newAttributes, inputs, outputs);
    }

    /** The same node as another operator. */
    RawNode as(String newOpType, Attributes newAttributes, String... newInputs) {
        return new RawNode(name, newOpType, opset, newAttributes, List.of(newInputs), outputs);
    }

    RawNode without(String... attributeNames) {
        return withAttributes(copy(attributeNames).build());
    }

    /** The node's attributes but for some, to be added to. */
    Attributes.Builder copy(String... except) {
        Attributes.Builder copy = Attributes.builder();
        for (String attribute : attributes.names()) {
            if (!List.of(except).contains(attribute)) {
                put(copy, attribute, attributes.get(attribute));
            }
        }
        return copy;
    }

    private static void put(Attributes.Builder builder, String attribute, Object value) {
        switch (value) {
            case Long integer -> builder.put(attribute, integer);
            case Float real -> builder.put(attribute, real);
            case String text -> builder.put(attribute, text);
            case Tensor tensor -> builder.put(attribute, tensor);
            case long[] integers -> builder.put(attribute, integers);
            case float[] reals -> builder.put(attribute, reals);
            case List<?> texts ->
                builder.put(attribute, texts.stream().map(String.class::cast).toList());
            default -> throw new IllegalStateException("attribute " + attribute + " is a " + value.getClass());
        }
    }
}
