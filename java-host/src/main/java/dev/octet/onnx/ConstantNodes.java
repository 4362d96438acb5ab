package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Set;

/** ONNX Constant: a node in the file, a constant in the graph. */
final class ConstantNodes {
    /** Operators that exist in files only: the reader replaces them. */
    static final Set<String> NAMES_ONLY_READ = Set.of("Constant", "Upsample", "Scatter");

    private ConstantNodes() {}

    static Tensor value(RawNode node) {
        Attributes attributes = node.attributes();
        if (attributes.names().size() != 1) {
            throw ModelException.invalid("Constant needs exactly one attribute, not "
                    + Names.escape(String.join(
                            ", ", attributes.names().stream().sorted().toList())));
        }
        String form = attributes.names().iterator().next();
        return switch (form) {
            case "value", "sparse_value" -> attributes.tensor(form);
            case "value_float" -> Tensor.scalar(attributes.real(form, 0));
            case "value_int" -> Tensor.ofLongs(Shape.SCALAR, attributes.integer(form));
            case "value_floats" -> {
                float[] values = attributes.reals(form);
                yield Tensor.ofFloats(Shape.of(values.length), values);
            }
            case "value_ints" -> Tensor.vector(attributes.integers(form));
            case "value_string", "value_strings" ->
                throw ModelException.unsupported("attribute " + form + ": string tensors are not supported");
            default -> throw ModelException.invalid("attribute " + Names.escape(form) + " is unknown");
        };
    }
}
