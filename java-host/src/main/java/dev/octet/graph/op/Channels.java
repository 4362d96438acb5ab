package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.graph.OpInputs;
import dev.octet.tensor.Shape;

/** Checks of operators with one parameter a channel of a [N, C, spatial...] tensor. */
final class Channels {
    private Channels() {}

    /**
     * Checks that inputs {@code from} to {@code to} have shape [C].
     *
     * @return the shape of input 0
     */
    static Shape requireParameters(OpInputs in, int from, int to) {
        Shape x = in.shape(0);
        if (x.rank() < 2) {
            throw ModelException.invalid("input " + x + " must have at least the axes [N, C]");
        }
        for (int i = from; i <= to; i++) {
            if (!in.shape(i).equals(Shape.of(x.dim(1)))) {
                throw ModelException.invalid("input " + i + " must be [" + x.dim(1) + "], got " + in.shape(i));
            }
        }
        return x;
    }
}
