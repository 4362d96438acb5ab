package dev.octet.analysis.lint;

import dev.octet.graph.Node;
import dev.octet.tensor.Shape;
import java.util.Optional;

/** Facts about the shapes of int8 layers that bound what tensor cores can gain. */
final class ShapeRules {
    /** Tensor cores take 8-bit operands in groups of 16; kernels on CUDA cores in groups of 4. */
    private static final long TENSOR_ALIGNMENT = 16;

    private static final long DOT_ALIGNMENT = 4;

    private ShapeRules() {}

    static Optional<Fault> firstLayer(QdqView view, Node conv) {
        return int8Weight(view, conv)
                .filter(weight -> readsInput(view, conv) && channels(conv, weight) <= DOT_ALIGNMENT)
                .map(weight -> Fault.note(
                        "the first layer has " + channels(conv, weight)
                                + " input channels: tensor cores would multiply padding mostly, int8 gains little here",
                        "leave it, or run it in fp16 if its accuracy matters"));
    }

    private static boolean readsInput(QdqView view, Node conv) {
        String source = view.beforePair(conv.input(0));
        return view.graph().producer(source).isEmpty();
    }

    private static long channels(Node conv, Shape weight) {
        return weight.dim(1) * QdqView.group(conv);
    }

    static Optional<Fault> unaligned(QdqView view, Node conv) {
        return int8Weight(view, conv)
                .filter(_ -> QdqView.group(conv) == 1 && !readsInput(view, conv))
                .filter(weight -> weight.dim(0) % TENSOR_ALIGNMENT != 0 || weight.dim(1) % TENSOR_ALIGNMENT != 0)
                .map(weight -> Fault.note(describeAlignment(weight), "choose channel counts that are multiples of 16"));
    }

    private static String describeAlignment(Shape weight) {
        boolean byFour = weight.dim(0) % DOT_ALIGNMENT == 0 && weight.dim(1) % DOT_ALIGNMENT == 0;
        String counts = weight.dim(1) + " input and " + weight.dim(0) + " output channels";
        return byFour
                ? counts + ": tensor cores pad to multiples of 16, or the layer runs on CUDA cores"
                : counts + ", not multiples of 4: many int8 kernels refuse this shape, the others pad";
    }

    static Optional<Fault> grouped(QdqView view, Node conv) {
        return int8Weight(view, conv)
                .filter(weight -> QdqView.group(conv) > 1 && weight.dim(1) > 1)
                .map(weight -> Fault.note(
                        QdqView.group(conv) + " groups of " + weight.dim(1)
                                + " channels: few libraries have int8 kernels for groups",
                        "measure it against fp16; leave it float where int8 is not faster"));
    }

    static Optional<Fault> tinyProduct(QdqView view, Node product) {
        return int8Weight(view, product)
                .filter(weight -> weight.rank() == 2)
                .filter(weight -> Math.min(weight.dim(0), weight.dim(1)) < TENSOR_ALIGNMENT)
                .map(weight -> Fault.note(
                        "a weight of " + weight.dim(0) + " x " + weight.dim(1)
                                + " does not fill one tensor-core tile: the time is the launch's and the memory's",
                        "leave it, or run it in float"));
    }

    private static Optional<Shape> int8Weight(QdqView view, Node layer) {
        return view.isInt8(layer) ? view.weight(layer).map(weight -> weight.shape()) : Optional.empty();
    }
}
