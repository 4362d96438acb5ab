package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Conv;
import dev.octet.graph.op.ConvTranspose;
import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.Slice;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Turns ConvTranspose of images with constant weight and one stride s into a Conv with s * s times the channels, then
 * DepthToSpace, then a Slice where the window overlaps an edge: everything that makes convolutions fast holds for it.
 *
 * <p>With t = s q + r the full output Y[t] = sum over taps k of x[i] w[k], where t = s i + k, has k = r + s j and i = q - j:
 * for each r a convolution of x by the taps r, r + s, ... in reverse. Taps that this adds at the end are zero.
 */
public final class SplitTransposedConvolutions implements Pass {
    private static final int SPATIAL = 2;

    /** The most that the taps of an axis may grow by zeros: products by them are wasted. */
    private static final int MAX_GROWTH = 2;

    private final Evaluator evaluator;

    public SplitTransposedConvolutions(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> node.op() instanceof ConvTranspose)) {
            return graph;
        }
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(graph, (current, node) -> split(current, node, shapes));
    }

    private static Optional<Graph> split(Graph graph, Node node, TrialShapes shapes) {
        Optional<Shape> x = shapes.shape(node.input(0)).filter(shape -> shape.rank() == 2 + SPATIAL);
        if (!(node.op() instanceof ConvTranspose conv) || x.isEmpty() || conv.outputShape().length > 0) {
            return Optional.empty();
        }
        Optional<IntegerWeight> bytes = IntegerWeight.of(graph, node.input(1), 1);
        Optional<Tensor> weight = bytes.map(IntegerWeight::values).or(() -> graph.constant(node.input(1)));
        Optional<Plan> plan = weight.flatMap(tensor -> Plan.of(conv, x.get(), tensor.shape()));
        if (plan.isEmpty()) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        Optional<String> bias = bias(graph, edit, node, plan.get());
        if (bias.isEmpty()) {
            return Optional.empty();
        }
        String kernel = edit.addConstant(node.input(1) + "/split", plan.get().weights(weight.get()));
        if (bytes.isPresent()) {
            kernel = dequantized(edit, kernel, plan.get().perOutput(bytes.get().scales()));
        }
        List<String> inputs =
                bias.get().isEmpty() ? List.of(node.input(0), kernel) : List.of(node.input(0), kernel, bias.get());
        plan.get().put(edit, node, inputs);
        return Optional.of(edit.apply());
    }

    private static String dequantized(GraphEdit edit, String values, float... scales) {
        Shape shape = scales.length == 1 ? Shape.SCALAR : Shape.of(scales.length);
        String scale = edit.addConstant(values + "/scale", Tensor.ofFloats(shape, scales));
        return edit.addNode(values + "/dequantized", DequantizeLinear.along(0), values, scale);
    }

    /** The bias of the Conv, the empty name if there is none; nothing if it is not constant. */
    private static Optional<String> bias(Graph graph, GraphEdit edit, Node node, Plan plan) {
        if (!node.hasInput(2)) {
            return Optional.of("");
        }
        String base = node.input(2) + "/split";
        Optional<Qdq.Dequantized> source = Qdq.source(graph, node.input(2));
        if (source.isEmpty()) {
            return graph.constant(node.input(2)).map(tensor -> edit.addConstant(base, plan.repeated(tensor)));
        }
        float[] scales;
        switch (source.get().params()) {
            case QuantParams.PerTensor tensor -> scales = new float[] {tensor.scale()};
            case QuantParams.PerAxis axis -> scales = axis.scales();
            case QuantParams.PerBlock _ -> {
                return Optional.empty();
            }
        }
        return graph.constant(source.get().value())
                .filter(integers -> integers.dtype() == DType.S32)
                .map(integers ->
                        dequantized(edit, edit.addConstant(base, plan.repeated(integers)), plan.perOutput(scales)));
    }

    /**
     * How one ConvTranspose is split.
     *
     * @param weight its weight's shape [C, M / group, kernel...]
     * @param taps of the Conv along each axis
     * @param pads of the Conv, begins then ends
     * @param crop of the interleaved output, begins then ends
     */
    private record Plan(ConvTranspose conv, Shape weight, int stride, long[] taps, long[] pads, long[] crop) {
        /** The plan, unless strides differ, a window has gaps, its padding exceeds it or most taps would be zero. */
        static Optional<Plan> of(ConvTranspose conv, Shape x, Shape weight) {
            SpatialWindow window = conv.resolve(x, weight);
            long stride = window.strides()[0];
            boolean gaps = LongStream.of(window.dilations()).anyMatch(dilation -> dilation != 1);
            boolean large = weight.elementCount() > Integer.MAX_VALUE / (MAX_GROWTH * MAX_GROWTH);
            if (window.strides()[1] != stride || (gaps && stride != 1) || large) {
                return Optional.empty();
            }
            long[] taps = new long[SPATIAL];
            long[] pads = new long[2 * SPATIAL];
            long[] crop = new long[2 * SPATIAL];
            for (int axis = 0; axis < SPATIAL; axis++) {
                long kernel = window.kernel()[axis];
                long reach = (kernel - 1) * window.dilations()[axis] + 1;
                long extra = conv.outputPadding().length == 0 ? 0 : conv.outputPadding()[axis];
                long begin = window.pads()[axis];
                long beyond = extra + reach - window.pads()[SPATIAL + axis] - stride;
                taps[axis] = Math.ceilDiv(kernel, stride);
                pads[axis] = Math.ceilDiv(reach, stride) - 1 - begin / stride;
                pads[SPATIAL + axis] = Math.ceilDiv(beyond, stride);
                crop[axis] = begin % stride;
                crop[SPATIAL + axis] = stride * pads[SPATIAL + axis] - beyond;
            }
            boolean wasteful = IntStream.range(0, SPATIAL)
                    .anyMatch(axis -> taps[axis] * stride > MAX_GROWTH * window.kernel()[axis]);
            return wasteful || LongStream.of(pads).anyMatch(pad -> pad < 0)
                    ? Optional.empty()
                    : Optional.of(new Plan(conv, weight, Math.toIntExact(stride), taps, pads, crop));
        }

        private int outputs() {
            return Math.toIntExact(weight.dim(1) * conv.group());
        }

        private int block() {
            return stride * stride;
        }

        /** Grouped convolutions need a group's outputs side by side; else whole blocks of channels move faster. */
        private DepthToSpace.Order order() {
            return conv.group() == 1 ? DepthToSpace.Order.DCR : DepthToSpace.Order.CRD;
        }

        /** The output channel of the ConvTranspose that a channel of the Conv belongs to. */
        private int output(int channel) {
            return order() == DepthToSpace.Order.DCR ? channel % outputs() : channel / block();
        }

        /** The Conv's weight [M * s * s, C / group, taps...]. */
        Tensor weights(Tensor from) {
            long depth = weight.dim(0) / conv.group();
            long perGroup = weight.dim(1);
            Tensor to = Tensor.allocate(from.dtype(), Shape.of((long) outputs() * block(), depth, taps[0], taps[1]));
            for (int channel = 0; channel < outputs() * block(); channel++) {
                int output = output(channel);
                int place = order() == DepthToSpace.Order.DCR ? channel / outputs() : channel % block();
                for (long in = 0; in < depth; in++) {
                    long source = ((output / perGroup * depth + in) * perGroup + output % perGroup) * weight.dim(2);
                    for (long y = place / stride; y < weight.dim(2); y += stride) {
                        for (long x = place % stride; x < weight.dim(3); x += stride) {
                            long row = (channel * depth + in) * taps[0] + taps[0] - 1 - y / stride;
                            to.setDouble(
                                    row * taps[1] + taps[1] - 1 - x / stride,
                                    from.getDouble((source + y) * weight.dim(3) + x));
                        }
                    }
                }
            }
            return to;
        }

        /** A value an output channel, or one for all, as one a channel of the Conv. */
        Tensor repeated(Tensor from) {
            Tensor to = Tensor.allocate(from.dtype(), Shape.of((long) outputs() * block()));
            for (int channel = 0; channel < outputs() * block(); channel++) {
                to.setDouble(channel, from.getDouble(from.elementCount() == 1 ? 0 : output(channel)));
            }
            return to;
        }

        /** The same of scales; those of a grouped weight repeat for each group. */
        float[] perOutput(float... scales) {
            if (scales.length == 1) {
                return scales;
            }
            float[] all = new float[outputs() * block()];
            for (int channel = 0; channel < all.length; channel++) {
                all[channel] = scales[output(channel) % scales.length];
            }
            return all;
        }

        void put(GraphEdit edit, Node node, List<String> inputs) {
            long[] dilations = conv.window().dilations();
            SpatialWindow window =
                    new SpatialWindow(taps, new long[] {1, 1}, dilations, pads, SpatialWindow.AutoPad.NOTSET);
            boolean cropped = Arrays.stream(crop).anyMatch(cut -> cut != 0);
            String convolved = stride == 1 ? node.output() : edit.freshName(node.output() + "/split");
            edit.put(new Node(node.name(), new Conv(window, conv.group()), inputs, List.of(convolved)));
            if (stride == 1) {
                return;
            }
            String whole = cropped ? edit.freshName(node.output() + "/whole") : node.output();
            DepthToSpace interleave = new DepthToSpace(stride, order(), Layout.CHANNELS_FIRST);
            edit.put(new Node(
                    edit.freshName(node.name() + "/DepthToSpace"), interleave, List.of(convolved), List.of(whole)));
            if (cropped) {
                long[] ends = IntStream.range(0, SPATIAL)
                        .mapToLong(axis -> crop[SPATIAL + axis] == 0 ? Long.MAX_VALUE : -crop[SPATIAL + axis])
                        .toArray();
                String starts = edit.addConstant(node.name() + "/starts", Tensor.vector(crop[0], crop[1]));
                String stops = edit.addConstant(node.name() + "/ends", Tensor.vector(ends));
                String axes = edit.addConstant(node.name() + "/axes", Tensor.vector(2, 3));
                edit.put(new Node(
                        edit.freshName(node.name() + "/Slice"),
                        new Slice(),
                        List.of(whole, starts, stops, axes),
                        node.outputs()));
            }
        }
    }
}
