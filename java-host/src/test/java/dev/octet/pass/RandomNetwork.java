package dev.octet.pass;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small float networks made of the patterns that real ones have, drawn from a seed. */
final class RandomNetwork {
    private static final Attributes NONE = Attributes.NONE;

    private final TestGraph graph = new TestGraph();
    private final Random random;
    private final List<Value> images = new ArrayList<>();
    private int count;

    private record Value(String name, long channels, long height, long width) {
        boolean sameShape(Value other) {
            return channels == other.channels && height == other.height && width == other.width;
        }
    }

    private RandomNetwork(long seed) {
        this.random = new Random(seed);
    }

    static Graph of(long seed) {
        return new RandomNetwork(seed).build();
    }

    private Graph build() {
        images.add(new Value(graph.input("x", 2, 3, 7, 6), 3, 7, 6));
        int layers = 3 + random.nextInt(6);
        for (int i = 0; i < layers; i++) {
            images.add(layer(images.get(images.size() - 1)));
        }
        Value last = images.get(images.size() - 1);
        String head = random.nextBoolean() ? last.name() : classifier(last);
        Value middle = images.get(1 + random.nextInt(images.size() - 1));
        return random.nextInt(3) > 0 || middle.name().equals(head)
                ? graph.output(head)
                : graph.output(head, middle.name());
    }

    private String fresh(String what) {
        return what + count++;
    }

    private Value layer(Value x) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> activation(convolution(x, 2 + random.nextInt(4), false));
            case 3 -> normalization(convolution(x, 1 + random.nextInt(5), true));
            case 4 -> activation(depthwise(x));
            case 5 -> residual(x);
            case 6 -> maxPool(x);
            case 7 -> concatenation(x);
            case 8 -> squeezeAndExcite(x);
            case 9 -> scaling(convolution(x, 3, false));
            case 10 -> normalization(x);
            default -> oldSum(x);
        };
    }

    private Value convolution(Value x, long channels, boolean noBias) {
        boolean point = random.nextBoolean();
        long stride = random.nextInt(4) == 0 ? 2 : 1;
        long kernel = point ? 1 : 3;
        String y = fresh("conv");
        String w = graph.random(y + ".w", random, channels, x.channels(), kernel, kernel);
        Attributes attributes = Attributes.builder()
                .put("kernel_shape", new long[] {kernel, kernel})
                .put("strides", new long[] {stride, stride})
                .put("pads", point ? new long[] {0, 0, 0, 0} : new long[] {1, 1, 1, 1})
                .build();
        if (noBias || random.nextBoolean()) {
            graph.node(y, "Conv", attributes, x.name(), w);
        } else {
            graph.node(y, "Conv", attributes, x.name(), w, graph.random(y + ".b", random, channels));
        }
        return new Value(y, channels, (x.height() - 1) / stride + 1, (x.width() - 1) / stride + 1);
    }

    private Value depthwise(Value x) {
        String y = fresh("depthwise");
        String w = graph.random(y + ".w", random, x.channels(), 1, 3, 3);
        graph.node(y, "Conv", QuantizationGraphs.same3x3(x.channels()), x.name(), w);
        return new Value(y, x.channels(), x.height(), x.width());
    }

    private Value named(String name, Value like) {
        return new Value(name, like.channels(), like.height(), like.width());
    }

    private Value activation(Value x) {
        String y = fresh("act");
        switch (random.nextInt(5)) {
            case 0, 1 -> graph.node(y, "Relu", x.name());
            case 2 ->
                graph.node(
                        y,
                        "Clip",
                        x.name(),
                        graph.constant(y + ".low", Tensor.scalar(0)),
                        graph.constant(y + ".high", Tensor.scalar(6)));
            case 3 -> graph.node(y, "HardSwish", x.name());
            default -> graph.node(y, "Mul", x.name(), graph.node(y + ".gate", "Sigmoid", x.name()));
        }
        return named(y, x);
    }

    private Value normalization(Value x) {
        String y = fresh("norm");
        Tensor variance = TestGraph.randomTensor(random, x.channels());
        for (long i = 0; i < variance.elementCount(); i++) {
            variance.setFloat(i, 0.5f + Math.abs(variance.getFloat(i)));
        }
        graph.node(
                y,
                "BatchNormalization",
                x.name(),
                graph.random(y + ".gamma", random, x.channels()),
                graph.random(y + ".beta", random, x.channels()),
                graph.random(y + ".mean", random, x.channels()),
                graph.constant(y + ".var", variance));
        return named(y, x);
    }

    private Value residual(Value x) {
        Value inner = convolution(x, x.channels(), false);
        Value shortcut = inner.sameShape(x) ? x : images.get(0);
        if (!inner.sameShape(shortcut)) {
            return activation(inner);
        }
        String sum = random.nextBoolean()
                ? graph.node(fresh("add"), "Add", inner.name(), shortcut.name())
                : graph.node(fresh("add"), "Add", shortcut.name(), inner.name());
        return random.nextBoolean() ? activation(named(sum, inner)) : named(sum, inner);
    }

    private Value oldSum(Value x) {
        for (Value other : images) {
            if (other.sameShape(x) && !other.name().equals(x.name())) {
                return named(graph.node(fresh("sum"), "Add", x.name(), other.name()), x);
            }
        }
        return activation(x);
    }

    private Value maxPool(Value x) {
        if (x.height() < 3 || x.width() < 3) {
            return activation(x);
        }
        String y = fresh("pool");
        Attributes window = Attributes.builder()
                .put("kernel_shape", new long[] {2, 2})
                .put("pads", new long[] {1, 1, 0, 0})
                .build();
        graph.node(y, "MaxPool", window, x.name());
        return named(y, x);
    }

    private Value concatenation(Value x) {
        Value a = activation(convolution(x, 2, false));
        Value b = activation(depthwise(x));
        if (a.height() != b.height()) {
            return a;
        }
        String y = graph.node(
                fresh("concat"), "Concat", Attributes.builder().put("axis", 1L).build(), a.name(), b.name());
        return new Value(y, a.channels() + b.channels(), a.height(), a.width());
    }

    private Value squeezeAndExcite(Value x) {
        String pooled = graph.node(fresh("gap"), "GlobalAveragePool", x.name());
        Value gate = convolution(new Value(pooled, x.channels(), 1, 1), x.channels(), false);
        String sigmoid = graph.node(fresh("gate"), "Sigmoid", gate.name());
        return named(graph.node(fresh("excite"), "Mul", x.name(), sigmoid), x);
    }

    private Value scaling(Value x) {
        String y = fresh("scale");
        String[] operators = {"Add", "Sub", "Mul", "Div"};
        graph.node(y, operators[random.nextInt(4)], x.name(), graph.random(y + ".c", random, x.channels(), 1, 1));
        return named(y, x);
    }

    private String classifier(Value x) {
        String pooled = graph.node(fresh("gap"), "GlobalAveragePool", x.name());
        String flat = graph.node(fresh("flat"), "Flatten", NONE, pooled);
        String y = fresh("logits");
        if (random.nextBoolean()) {
            Attributes transposed = Attributes.builder().put("transB", 1L).build();
            String w = graph.random(y + ".w", random, 4, x.channels());
            return graph.node(y, "Gemm", transposed, flat, w, graph.random(y + ".b", random, 4));
        }
        String product = graph.node(y + ".product", "MatMul", flat, graph.random(y + ".w", random, x.channels(), 4));
        graph.node(y, "Add", product, graph.random(y + ".b", random, 4));
        return random.nextBoolean() ? y : graph.node(fresh("softmax"), "Softmax", y);
    }

    /** An input for networks of this kind. */
    static Tensor input(long seed) {
        Tensor x = TestGraph.randomTensor(new Random(seed ^ 0x5EED), 2, 3, 7, 6);
        return x.reshape(Shape.of(2, 3, 7, 6));
    }
}
