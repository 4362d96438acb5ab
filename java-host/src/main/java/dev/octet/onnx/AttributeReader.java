package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Turns attribute messages into {@link Attributes}. */
final class AttributeReader {
    private final TensorReader tensors;

    AttributeReader(TensorReader tensors) {
        this.tensors = tensors;
    }

    Attributes read(List<AttributeProto> attributes) {
        Attributes.Builder builder = Attributes.builder();
        Set<String> seen = new HashSet<>();
        for (AttributeProto attribute : attributes) {
            if (!seen.add(attribute.name())) {
                throw ModelException.invalid("attribute " + Names.escape(attribute.name()) + " is given twice");
            }
            put(builder, attribute);
        }
        return builder.build();
    }

    private void put(Attributes.Builder builder, AttributeProto attribute) {
        String name = attribute.name();
        String place = "attribute " + Names.escape(name);
        try {
            switch (attribute.value()) {
                case AttributeProto.Value.Real real -> builder.put(name, real.value());
                case AttributeProto.Value.Whole integer -> builder.put(name, integer.value());
                case AttributeProto.Value.Text text -> builder.put(name, text.value());
                case AttributeProto.Value.DenseTensor tensor -> builder.put(name, tensors.read(tensor.value()));
                case AttributeProto.Value.SparseTensor sparse -> builder.put(name, tensors.readSparse(sparse.value()));
                case AttributeProto.Value.Reals reals ->
                    builder.put(name, reals.values().toFloats());
                case AttributeProto.Value.Wholes integers ->
                    builder.put(name, integers.values().toArray());
                case AttributeProto.Value.Texts texts -> builder.put(name, texts.values());
                case AttributeProto.Value.Subgraph _ ->
                    throw ModelException.unsupported("sub-graphs are not supported");
                case AttributeProto.Value.Other(long type) ->
                    throw ModelException.unsupported("values of attribute type " + type + " are not supported");
            }
        } catch (ModelException e) {
            throw e.at(place);
        }
    }
}
