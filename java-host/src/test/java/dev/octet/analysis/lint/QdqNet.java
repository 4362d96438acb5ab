package dev.octet.analysis.lint;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Conv;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds small Q/DQ networks on an input {@code x} f32[1,16,8,8]; every method returns the name of the value it adds. */
final class QdqNet {
    static final long CHANNELS = 16;

    private static final float SCALE = 0.05f;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private long inputChannels = CHANNELS;

    QdqNet withInputChannels(long channels) {
        inputChannels = channels;
        return this;
    }

    String node(String name, Op op, String... inputs) {
        nodes.add(new Node(name, op, List.of(inputs), List.of(name + ".out")));
        return name + ".out";
    }

    String constant(String name, Tensor tensor) {
        constants.put(name, tensor);
        return name;
    }

    /** A well-formed signed pair. */
    String pair(String name, String value) {
        return pair(name, value, SCALE, Tensor.scalar(DType.S8, 0));
    }

    String pair(String name, String value, float scale, Tensor zeroPoint) {
        return dequantize(name, quantize(name, value, scale, zeroPoint));
    }

    String quantize(String name, String value, float scale, Tensor zeroPoint) {
        constant(name + ".scale", Tensor.scalar(scale));
        constant(name + ".zero", zeroPoint);
        return node(name + ".q", QuantizeLinear.along(1), value, name + ".scale", name + ".zero");
    }

    private String dequantize(String name, String quantized) {
        return node(name + ".dq", DequantizeLinear.along(1), quantized, name + ".scale", name + ".zero");
    }

    /** Int8 weights [m, c, 1, 1] with one scale a channel. */
    String weight(String name, long m, long c) {
        return weight(name, Shape.of(m, c, 1, 1), channelScales(m), Tensor.allocate(DType.S8, Shape.of(m)));
    }

    String weight(String name, Shape shape, Tensor scale, Tensor zeroPoint) {
        constant(name + ".w", Tensor.allocate(DType.S8, shape));
        constant(name + ".ws", scale);
        constant(name + ".wz", zeroPoint);
        return node(name + ".wdq", DequantizeLinear.along(0), name + ".w", name + ".ws", name + ".wz");
    }

    static Tensor channelScales(long channels) {
        float[] scales = new float[(int) channels];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = 0.01f + 0.001f * i;
        }
        return Tensor.ofFloats(Shape.of(channels), scales);
    }

    /** A well-formed int8 convolution, 16 to 16 channels, of a dequantized value. */
    String conv(String name, String value) {
        return conv(name, value, weight(name, CHANNELS, CHANNELS), 1);
    }

    String conv(String name, String value, String weight, long group) {
        return node(name, convolution(group), value, weight);
    }

    static Conv convolution(long group) {
        long[] none = new long[0];
        return new Conv(new SpatialWindow(none, none, none, none, SpatialWindow.AutoPad.NOTSET), group);
    }

    String relu(String name, String value) {
        return node(name, new Unary(UnaryFunction.RELU), value);
    }

    Graph build(String output) {
        List<ValueInfo> inputs = List.of(ValueInfo.of("x", DType.F32, 1, inputChannels, 8, 8));
        return new Graph("net", inputs, List.of(new ValueInfo(output, DType.F32, Optional.empty())), nodes, constants);
    }
}
