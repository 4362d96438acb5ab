package dev.octet.analysis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * MACs and parameters of an image network, counted from the file's bytes by other code than the product's: shapes go
 * forward by the definitions of the operators, and each multiplication is counted in loops over output positions.
 */
final class CountedModel {
    private static final int FLOAT = 1;

    private final Map<String, long[]> shapes = new HashMap<>();
    private final Map<String, long[]> weights = new HashMap<>();
    private final Set<String> counted = new HashSet<>();
    private long macs;
    private long parameters;

    private CountedModel() {}

    /** Counts a model for inputs of this shape. */
    static CountedModel of(Path file, long... input) throws IOException {
        CountedModel count = new CountedModel();
        PlainMessage graph =
                new PlainMessage(Files.readAllBytes(file)).messages(7).getFirst();
        for (PlainMessage tensor : graph.messages(5)) {
            if (tensor.number(2, 0) == FLOAT) {
                count.weights.put(
                        tensor.text(8),
                        tensor.numbers(1).stream().mapToLong(Long::longValue).toArray());
            }
        }
        count.shapes.put(graph.messages(11).getFirst().text(1), input);
        graph.messages(1).forEach(count::add);
        return count;
    }

    long macs() {
        return macs;
    }

    long parameters() {
        return parameters;
    }

    private void add(PlainMessage node) {
        List<String> inputs = node.texts(1);
        for (String name : inputs) {
            if (weights.containsKey(name) && product(weights.get(name)) > 1 && counted.add(node.text(2) + "<" + name)) {
                parameters += product(weights.get(name));
            }
        }
        long[] x = shapes.get(inputs.getFirst());
        long[] y = switch (node.text(4)) {
            case "Conv" -> convolution(node, x, weights.get(inputs.get(1)));
            case "MaxPool" -> window(node, x, x[1], attribute(node, "kernel_shape", 1, 1));
            case "GlobalAveragePool" -> new long[] {x[0], x[1], 1, 1};
            case "Flatten" -> new long[] {x[0], product(x) / x[0]};
            case "Gemm" -> gemm(node, x, weights.get(inputs.get(1)));
            case "Concat" -> concat(inputs);
            case "Add" -> x != null ? x : shapes.get(inputs.get(1));
            case "Slice", "Pad" -> null; // a shortcut: the Add behind it has the shape of its other input
            default -> x;
        };
        if (y != null) {
            shapes.put(node.text(2), y);
        }
    }

    private long[] convolution(PlainMessage node, long[] x, long[] w) {
        long[] y = window(node, x, w[0], new long[] {w[2], w[3]});
        long inputChannels = x[1] / attribute(node, "group", 1)[0];
        for (long image = 0; image < y[0]; image++) {
            for (long row = 0; row < y[2]; row++) {
                for (long column = 0; column < y[3]; column++) {
                    for (long channel = 0; channel < y[1]; channel++) {
                        macs += inputChannels * w[2] * w[3];
                    }
                }
            }
        }
        return y;
    }

    private long[] gemm(PlainMessage node, long[] x, long[] w) {
        boolean transposed = attribute(node, "transB", 0)[0] == 1;
        long columns = w[transposed ? 0 : 1];
        for (long row = 0; row < x[0]; row++) {
            for (long column = 0; column < columns; column++) {
                macs += x[1];
            }
        }
        return new long[] {x[0], columns};
    }

    private long[] concat(List<String> inputs) {
        long[] y = shapes.get(inputs.getFirst()).clone();
        y[1] = inputs.stream().mapToLong(name -> shapes.get(name)[1]).sum();
        return y;
    }

    private static long[] window(PlainMessage node, long[] x, long channels, long[] kernel) {
        long[] strides = attribute(node, "strides", 1, 1);
        long[] pads = attribute(node, "pads", 0, 0, 0, 0);
        long ceil = attribute(node, "ceil_mode", 0)[0];
        long[] y = {x[0], channels, 0, 0};
        for (int axis = 0; axis < 2; axis++) {
            long span = x[axis + 2] + pads[axis] + pads[axis + 2] - kernel[axis];
            y[axis + 2] = (ceil == 1 ? Math.ceilDiv(span, strides[axis]) : span / strides[axis]) + 1;
        }
        return y;
    }

    private static long[] attribute(PlainMessage node, String name, long... absent) {
        for (PlainMessage attribute : node.messages(5)) {
            if (attribute.text(1).equals(name)) {
                List<Long> all = attribute.numbers(8);
                return all.isEmpty()
                        ? new long[] {attribute.number(3, 0)}
                        : all.stream().mapToLong(Long::longValue).toArray();
            }
        }
        return absent;
    }

    private static long product(long[] shape) {
        long product = 1;
        for (long extent : shape) {
            product *= extent;
        }
        return product;
    }
}
