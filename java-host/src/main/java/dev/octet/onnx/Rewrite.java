package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalInt;

/** What a conversion of one node may ask and add. Added nodes have the newest form and come before the node. */
interface Rewrite {
    /** Adds a constant; returns its name. */
    String constant(String hint, Tensor value);

    /** Adds a node with one output; returns the output's name. */
    String add(String opType, Attributes attributes, String... inputs);

    /** Adds a node with one output of a given name. */
    void addNamed(String output, String opType, Attributes attributes, String... inputs);

    /** The element type of a value, if it is known already. */
    Optional<DType> dtype(String value);

    /** The rank of a value, if it is known already. */
    OptionalInt rank(String value);

    /** The value, if it is a constant. */
    Optional<Tensor> value(String name);
}
