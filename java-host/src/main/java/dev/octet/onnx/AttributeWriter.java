package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.graph.op.TypeCodes;
import dev.octet.tensor.Tensor;
import java.util.List;

/** Writes attributes, in the order of their names, and tensors as messages. */
final class AttributeWriter {
    private static final int TYPE_FIELD = 20;

    private AttributeWriter() {}

    /** Adds each attribute as field {@code field} of {@code owner}. */
    static void write(Attributes attributes, MessageWriter owner, int field) {
        attributes.names().stream()
                .sorted()
                .forEach(name -> owner.message(field, attribute(name, attributes.get(name))));
    }

    private static MessageWriter attribute(String name, Object value) {
        MessageWriter message = new MessageWriter().text(1, name);
        return switch (value) {
            case Float real -> message.real(2, real).varint(TYPE_FIELD, 1);
            case Long integer -> message.varint(3, integer).varint(TYPE_FIELD, 2);
            case String text -> message.text(4, text).varint(TYPE_FIELD, 3);
            case Tensor tensor -> message.message(5, tensor("", tensor)).varint(TYPE_FIELD, 4);
            case float[] reals -> {
                for (float real : reals) {
                    message.real(7, real);
                }
                yield message.varint(TYPE_FIELD, 6);
            }
            case long[] integers -> {
                for (long integer : integers) {
                    message.varint(8, integer);
                }
                yield message.varint(TYPE_FIELD, 7);
            }
            case List<?> texts -> {
                texts.forEach(text -> message.text(9, (String) text));
                yield message.varint(TYPE_FIELD, 8);
            }
            default -> throw new IllegalStateException("attribute " + name + " is a " + value.getClass());
        };
    }

    /** A whole tensor message; its bytes must fit an array. */
    static MessageWriter tensor(String name, Tensor tensor) {
        return tensorHeader(name, tensor).bytes(9, tensor.toBytes());
    }

    /** A tensor message without its values: extents, type, and the name unless it is empty. */
    static MessageWriter tensorHeader(String name, Tensor tensor) {
        MessageWriter message = new MessageWriter();
        for (long dim : tensor.shape().dims()) {
            message.varint(1, dim);
        }
        message.varint(2, TypeCodes.code(tensor.dtype()));
        return name.isEmpty() ? message : message.text(8, name);
    }
}
