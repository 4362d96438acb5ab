package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.Clip;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.Flatten;
import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.GlobalMaxPool;
import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.Pad;
import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.graph.op.QLookup;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.Reshape;
import dev.octet.graph.op.Resize;
import dev.octet.graph.op.Slice;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SoftmaxFunction;
import dev.octet.graph.op.Split;
import dev.octet.graph.op.Unary;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A node rewritten to work on the inputs of the channels-first Transposes before it.
 *
 * @param inputs with each Transpose's input in its output's place
 * @param constants that replace inputs, by index
 * @param keepsOrder whether the node's results then need the same Transpose; false if it leaves no order to keep
 */
record Permuted(
        Permutation permutation, Op op, List<String> inputs, Map<Integer, Tensor> constants, boolean keepsOrder) {
    /** More nodes than stand between any global pooling and the Flatten behind it. */
    private static final int MAX_BEHIND_POOL = 32;

    private static final int SLICE_AXES = 3;
    private static final int RESIZE_SCALES = 2;
    private static final int RESIZE_SIZES = 3;

    /** The rewritten node, if it can be and all its inputs of full rank come from equal Transposes. */
    static Optional<Permuted> of(Graph graph, Node node) {
        Optional<Permutation> found = node.inputs().stream()
                .limit(operands(node))
                .flatMap(input -> Permutation.producing(graph, input).stream())
                .findFirst()
                .filter(Permutation::isToChannelsFirst);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Permutation permutation = found.get();
        Map<Integer, Tensor> constants = new HashMap<>();
        Optional<Op> op = operator(graph, node, permutation, constants);
        List<String> inputs = new ArrayList<>(node.inputs());
        if (op.isEmpty() || !permuteOperands(graph, node, permutation, inputs, constants)) {
            return Optional.empty();
        }
        boolean keepsOrder = !(node.op() instanceof Reduce reduce) || reduce.keepDims();
        return Optional.of(new Permuted(permutation, op.get(), inputs, constants, keepsOrder));
    }

    /** How many inputs are of full rank, or broadcast to it: the first ones; the others are bounds, axes and the like. */
    private static int operands(Node node) {
        if (node.op() instanceof Concat) {
            return node.inputs().size();
        }
        return Elementwise.isAny(node) ? Elementwise.operands(node).length : 1;
    }

    private static boolean permuteOperands(
            Graph graph, Node node, Permutation permutation, List<String> inputs, Map<Integer, Tensor> constants) {
        for (int i = 0; i < operands(node); i++) {
            String input = inputs.get(i);
            if (Permutation.producing(graph, input).equals(Optional.of(permutation))) {
                inputs.set(i, graph.producer(input).orElseThrow().input(0));
                continue;
            }
            Optional<Tensor> constant = graph.constant(input);
            if (constant.isEmpty() || constant.get().shape().rank() > permutation.rank()) {
                return false;
            }
            if (constant.get().elementCount() != 1) {
                constants.put(i, permutation.undo(constant.get()));
            }
        }
        return true;
    }

    private static Optional<Op> operator(
            Graph graph, Node node, Permutation permutation, Map<Integer, Tensor> constants) {
        if (Elementwise.isAny(node) || isPerTensor(graph, node)) {
            return Optional.of(node.op());
        }
        return switch (node.op()) {
            case Concat concat -> Optional.of(new Concat(permutation.inputAxis(concat.axis())));
            case Split split -> Optional.of(new Split(permutation.inputAxis(split.axis()), split.numOutputs()));
            case MaxPool pool
            when isFirst(pool.layout()) && node.outputs().size() == 1 ->
                Optional.of(new MaxPool(pool.window(), pool.ceil(), pool.columnMajor(), Layout.CHANNELS_LAST));
            case AveragePool pool
            when isFirst(pool.layout()) ->
                Optional.of(new AveragePool(pool.window(), pool.ceil(), pool.countPadding(), Layout.CHANNELS_LAST));
            case GlobalAveragePool pool
            when isFirst(pool.layout()) -> Optional.of(new GlobalAveragePool(Layout.CHANNELS_LAST));
            case GlobalMaxPool pool when isFirst(pool.layout()) -> Optional.of(new GlobalMaxPool(Layout.CHANNELS_LAST));
            case QGlobalAveragePool pool
            when isFirst(pool.layout()) ->
                Optional.of(new QGlobalAveragePool(
                        pool.xZeroPoint(),
                        pool.inputScale(),
                        pool.outputScale(),
                        pool.dtype(),
                        pool.zeroPoint(),
                        Layout.CHANNELS_LAST));
            case DepthToSpace move
            when isFirst(move.layout()) ->
                Optional.of(new DepthToSpace(move.blockSize(), move.order(), Layout.CHANNELS_LAST));
            case Softmax(SoftmaxFunction function, long axis)
            when axis >= 0 -> Optional.of(new Softmax(function, permutation.inputAxis(axis)));
            case Slice _ -> permuteSlice(graph, node, permutation, constants).map(_ -> node.op());
            case Resize resize when permuteExtents(graph, node, resize, permutation, constants) -> Optional.of(resize);
            case Pad _ -> permutePads(graph, node, permutation, constants).map(_ -> node.op());
            case Reduce reduce -> permuteAxes(graph, node, reduce, permutation, constants);
            default -> Optional.empty();
        };
    }

    private static boolean isFirst(Layout layout) {
        return layout == Layout.CHANNELS_FIRST;
    }

    private static boolean isPerTensor(Graph graph, Node node) {
        return Qdq.target(graph, node).isPresent()
                || (Operators.is(node, "DequantizeLinear")
                        && Qdq.source(graph, node.output())
                                .filter(source -> source.params() instanceof QuantParams.PerTensor)
                                .isPresent());
    }

    private static Optional<Tensor> permuteSlice(
            Graph graph, Node node, Permutation permutation, Map<Integer, Tensor> constants) {
        Optional<Tensor> axes = graph.constant(node.input(SLICE_AXES))
                .map(tensor -> Tensor.vector(LongStream.of(tensor.toLongs())
                        .map(permutation::inputAxis)
                        .toArray()));
        axes.ifPresent(tensor -> constants.put(SLICE_AXES, tensor));
        return axes;
    }

    /** Permutes known scales or sizes of all axes; false if they are otherwise. */
    private static boolean permuteExtents(
            Graph graph, Node node, Resize resize, Permutation permutation, Map<Integer, Tensor> constants) {
        int given = node.hasInput(RESIZE_SIZES) ? RESIZE_SIZES : RESIZE_SCALES;
        Optional<Tensor> extents = graph.constant(node.input(given));
        if (extents.isEmpty()
                || resize.axes().length > 0
                || resize.coordinates() == Resize.CoordinateMode.TF_CROP_AND_RESIZE
                || extents.get().elementCount() != permutation.rank()) {
            return false;
        }
        Tensor permuted = extents.get().copy();
        for (int axis = 0; axis < permutation.rank(); axis++) {
            permuted.setDouble(permutation.inputAxis(axis), extents.get().getDouble(axis));
        }
        constants.put(given, permuted);
        return true;
    }

    private static Optional<Tensor> permutePads(
            Graph graph, Node node, Permutation permutation, Map<Integer, Tensor> constants) {
        int rank = permutation.rank();
        Optional<long[]> pads = graph.constant(node.input(1)).map(Tensor::toLongs);
        if (pads.isEmpty() || pads.get().length != 2 * rank || node.hasInput(3)) {
            return Optional.empty();
        }
        long[] permuted = new long[2 * rank];
        for (int axis = 0; axis < rank; axis++) {
            int source = (int) permutation.inputAxis(axis);
            permuted[source] = pads.get()[axis];
            permuted[rank + source] = pads.get()[rank + axis];
        }
        constants.put(1, Tensor.vector(permuted));
        return Optional.of(Tensor.vector(permuted));
    }

    private static Optional<Op> permuteAxes(
            Graph graph, Node node, Reduce reduce, Permutation permutation, Map<Integer, Tensor> constants) {
        Optional<long[]> axes =
                graph.constant(node.input(1)).map(Tensor::toLongs).filter(a -> a.length > 0);
        if (axes.isEmpty()) {
            return Optional.empty();
        }
        long[] permuted =
                LongStream.of(axes.get()).map(permutation::inputAxis).sorted().toArray();
        // Without the reduced axes the rest must come in the order that it would have had: all spatial axes do.
        long[] spatial = LongStream.range(1, permutation.rank() - 1).toArray();
        if (!reduce.keepDims() && !Arrays.equals(permuted, spatial)) {
            return Optional.empty();
        }
        constants.put(1, Tensor.vector(permuted));
        return Optional.of(reduce);
    }

    /** Drops the Transpose before a Flatten or Reshape of what a global pooling made: all its spatial extents are one. */
    static Optional<Graph> dropBefore(Graph graph, Node node) {
        Optional<Permutation> permutation = Permutation.producing(graph, node.input(0));
        boolean whole = node.op() instanceof Flatten flatten && flatten.axis() == 1;
        boolean reshape = node.op() instanceof Reshape
                && graph.constant(node.input(1))
                        .map(Tensor::toLongs)
                        .filter(to -> LongStream.of(to).skip(1).noneMatch(extent -> extent == 0))
                        .isPresent();
        if (permutation.isEmpty() || !permutation.get().isToChannelsFirst() || (!whole && !reshape)) {
            return Optional.empty();
        }
        String source = graph.producer(node.input(0)).orElseThrow().input(0);
        if (!isPooled(graph, source)) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        edit.setInput(node.name(), 0, source);
        return Optional.of(edit.apply());
    }

    private static boolean isPooled(Graph graph, String value) {
        Optional<Node> producer = graph.producer(value);
        for (int i = 0; i < MAX_BEHIND_POOL && producer.isPresent() && isElementwise(producer.get()); i++) {
            producer = graph.producer(producer.get().input(0));
        }
        return producer.filter(node -> node.op() instanceof QGlobalAveragePool
                        || node.op() instanceof GlobalAveragePool
                        || node.op() instanceof GlobalMaxPool)
                .isPresent();
    }

    private static boolean isElementwise(Node node) {
        return switch (node.op()) {
            case Unary _, Clip _, QLookup _, QuantizeLinear _, DequantizeLinear _ -> true;
            default -> false;
        };
    }
}
