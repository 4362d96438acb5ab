package dev.octet.pass;

import dev.octet.graph.Node;
import dev.octet.graph.op.Activation;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.Cast;
import dev.octet.graph.op.Clip;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.Identity;
import dev.octet.graph.op.QBinary;
import dev.octet.graph.op.QLookup;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.Variadic;
import dev.octet.graph.op.Where;
import java.util.stream.IntStream;

/** Operators whose output at a position depends on their inputs at that position alone, up to broadcasting. */
final class Elementwise {
    private Elementwise() {}

    /** Real functions of reals: what a table of 256 values can stand for. */
    static boolean isReal(Node node) {
        return switch (node.op()) {
            case Unary unary -> !unary.function().isPredicate();
            case Binary binary -> !binary.function().isPredicate();
            case Activation _, Clip _, Gelu _, Variadic _ -> true;
            default -> false;
        };
    }

    /** Everything that a permutation of axes may pass, as long as all inputs of full rank are permuted alike. */
    static boolean isAny(Node node) {
        return switch (node.op()) {
            case Unary _, Binary _, Activation _, Clip _, Gelu _, Variadic _ -> true;
            case Where _, Cast _, Identity _, QBinary _, QLookup _ -> true;
            default -> false;
        };
    }

    /** The inputs that are broadcast against each other; a Clip's limits are not. */
    static int[] operands(Node node) {
        int count = node.op() instanceof Clip ? 1 : node.inputs().size();
        return IntStream.range(0, count).toArray();
    }
}
