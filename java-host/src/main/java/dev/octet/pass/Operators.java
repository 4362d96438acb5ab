package dev.octet.pass;

import dev.octet.graph.Attributes;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.OpType;
import dev.octet.graph.op.Ops;
import java.util.Arrays;
import java.util.Set;

/** Questions about operators that several passes ask. */
final class Operators {
    /** Products with weights: what is quantized first. */
    static final Set<String> LINEAR = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

    private Operators() {}

    /** Whether the node applies one of ONNX's operators with these names. */
    static boolean is(Node node, String... names) {
        OpType type = node.op().type();
        return type.domain().isEmpty() && Arrays.asList(names).contains(type.name());
    }

    static boolean isLinear(Node node) {
        OpType type = node.op().type();
        return type.domain().isEmpty() && LINEAR.contains(type.name());
    }

    /** An operator of ONNX by name. */
    static Op of(String name, Attributes attributes) {
        return Ops.find(name)
                .orElseThrow(() -> new IllegalStateException("no operator " + name))
                .read()
                .apply(attributes);
    }
}
