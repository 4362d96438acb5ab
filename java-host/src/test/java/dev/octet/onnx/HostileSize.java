package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Valid models of a great many small nodes that rules match, each unlike the others in how; their input x is f32[1,4,4,4]. */
public enum HostileSize {
    IDENTITIES,
    SHARED_CONVOLUTIONS,
    BATCH_NORMALIZATIONS,
    TRANSPOSES,
    QUANTIZED_POOLS,
    CONSTANT_SUMS,
    SWISH,
    ARITHMETIC_BEHIND_ONE_CONVOLUTION,
    QUANTIZED_AT_THE_END,
    SQUARES_OF_SQUARES,
    ONE_VALUE_READ_BY_ALL,
    ALL_JOINED,
    EQUAL_QUANTIZERS,
    RESHAPES_BEFORE_MANY_PRODUCTS,
    JOINED_WITH_ITSELF;

    /** As many as one node may read. */
    private static final int HUB = 4000;

    private static final Attributes NONE = Attributes.NONE;

    /** Writes a model of about this many nodes. */
    public Path write(Path folder, int nodes) throws IOException {
        TestModel model = new TestModel(20).input("x", DType.F32, 1, 4, 4, 4);
        constants(model);
        switch (this) {
            case IDENTITIES -> chain(model, nodes, List.of("Identity"));
            case SHARED_CONVOLUTIONS -> chain(model, nodes, List.of("Conv w", "Relu"));
            case BATCH_NORMALIZATIONS -> chain(model, nodes, List.of("Conv w", "BatchNormalization v v v v", "Relu"));
            case TRANSPOSES -> transposes(model, nodes);
            case QUANTIZED_POOLS ->
                chain(model, nodes, List.of("QuantizeLinear s z", "DequantizeLinear s z", "MaxPool"));
            case CONSTANT_SUMS -> constantSums(model, nodes);
            case SWISH -> swish(model, nodes);
            case ARITHMETIC_BEHIND_ONE_CONVOLUTION -> {
                add(model, "Conv", "c", "x", "w");
                chain(model, "c", nodes, List.of("Mul s", "Add s"));
            }
            case QUANTIZED_AT_THE_END -> {
                String last = links(model, "x", nodes, List.of("MaxPool", "Reshape whole"));
                links(model, last, 2, List.of("QuantizeLinear s z", "DequantizeLinear s z"), "y");
            }
            case SQUARES_OF_SQUARES -> squares(model, nodes);
            case ONE_VALUE_READ_BY_ALL -> hub(model, nodes, "Sum", List.of("Sigmoid"), "x");
            case ALL_JOINED -> hub(model, nodes, "Concat", List.of("Identity"), "x");
            case EQUAL_QUANTIZERS ->
                hub(model, nodes, "Concat", List.of("QuantizeLinear s z", "DequantizeLinear s z"), "x");
            case RESHAPES_BEFORE_MANY_PRODUCTS -> {
                String last = links(model, "x", nodes / 3, List.of("Reshape whole"));
                hub(model, 2 * nodes / 3, "Sum", List.of("Flatten", "MatMul matrix"), last);
            }
            case JOINED_WITH_ITSELF -> joined(model, nodes);
        }
        return model.output("y", DType.F32).write(Files.createDirectories(folder.resolve(name())));
    }

    private static void constants(TestModel model) {
        Tensor weight = Tensor.allocate(DType.F32, Shape.of(4, 4, 1, 1));
        for (int i = 0; i < 16; i++) {
            weight.setFloat(i, i % 5 == 0 ? 1f : 0.01f);
        }
        model.constant("w", weight)
                .constant("v", Tensor.ofFloats(Shape.of(4), 1, 1, 1, 1))
                .constant("s", Tensor.scalar(0.05f))
                .constant("z", Tensor.scalar(DType.S8, 3))
                .constant("matrix", Tensor.allocate(DType.F32, Shape.of(64, 2)))
                .constant("whole", Tensor.vector(0, 0, 4, 4))
                .constant("zero", Tensor.vector(0))
                .constant("four", Tensor.vector(4))
                .constant("two", Tensor.vector(2));
    }

    private static Attributes attributes(String operator) {
        Attributes.Builder builder = Attributes.builder();
        return switch (operator) {
            case "MaxPool" -> builder.put("kernel_shape", new long[] {1, 1}).build();
            case "Concat" -> builder.put("axis", 2L).build();
            default -> NONE;
        };
    }

    private static void add(TestModel model, String operator, String output, String... inputs) {
        model.add(TestModel.node(operator, attributes(operator), List.of(inputs), output));
    }

    private static void chain(TestModel model, int nodes, List<String> operators) {
        chain(model, "x", nodes, operators);
    }

    private static void chain(TestModel model, String from, int nodes, List<String> operators) {
        links(model, from, nodes, operators, "y");
    }

    private static String links(TestModel model, String from, int nodes, List<String> operators) {
        return links(model, from, nodes, operators, from + "_last");
    }

    /** Nodes one behind the other, of these operators in turn, each with the names of what else it reads. */
    private static String links(TestModel model, String from, int nodes, List<String> operators, String to) {
        String value = from;
        for (int i = 0; i < nodes; i++) {
            List<String> words =
                    new ArrayList<>(List.of(operators.get(i % operators.size()).split(" ")));
            String operator = words.set(0, value);
            value = i == nodes - 1 ? to : from + "_" + i;
            add(model, operator, value, words.toArray(String[]::new));
        }
        return value;
    }

    /** Short chains from one value, all read by a few nodes. */
    private static void hub(TestModel model, int nodes, String join, List<String> operators, String from) {
        List<String> joined = new ArrayList<>();
        int ends = nodes / operators.size();
        for (int start = 0; start < ends; start += HUB) {
            List<String> part = new ArrayList<>();
            for (int i = start; i < Math.min(ends, start + HUB); i++) {
                String between = from;
                for (int link = 0; link < operators.size(); link++) {
                    String to = "end" + i + "_" + link;
                    links(model, between, 1, List.of(operators.get(link)), to);
                    between = to;
                }
                part.add(between);
            }
            joined.add("part" + start);
            add(model, join, "part" + start, part.toArray(String[]::new));
        }
        add(model, join, "y", joined.toArray(String[]::new));
    }

    private static void transposes(TestModel model, int nodes) {
        Attributes last =
                Attributes.builder().put("perm", new long[] {0, 2, 3, 1}).build();
        Attributes first =
                Attributes.builder().put("perm", new long[] {0, 3, 1, 2}).build();
        String value = "x";
        for (int i = 0; i < nodes; i += 2) {
            model.add(TestModel.node("Transpose", i % 4 == 0 ? last : first, List.of(value), "t" + i));
            value = i + 2 < nodes ? "r" + i : "y";
            add(model, "Relu", value, "t" + i);
        }
    }

    private static void constantSums(TestModel model, int nodes) {
        String value = "x";
        String sum = "s";
        for (int i = 0; i < nodes; i += 2) {
            add(model, "Add", "k" + i, sum, "s");
            sum = "k" + i;
            String next = i + 2 < nodes ? "a" + i : "y";
            add(model, "Add", next, value, sum);
            value = next;
        }
    }

    private static void swish(TestModel model, int nodes) {
        String value = "x";
        for (int i = 0; i < nodes; i += 2) {
            add(model, "Sigmoid", "g" + i, value);
            String next = i + 2 < nodes ? "m" + i : "y";
            add(model, "Mul", next, value, "g" + i);
            value = next;
        }
    }

    /** A walk that does not remember where it was would take two to the power of the nodes. */
    private static void squares(TestModel model, int nodes) {
        String value = links(model, "x", 2, List.of("QuantizeLinear s z", "DequantizeLinear s z"));
        for (int i = 0; i < nodes; i++) {
            add(model, "Mul", "p" + i, value, value);
            value = "p" + i;
            if (i % 31 == 29) {
                value = links(model, value, 2, List.of("QuantizeLinear s z", "DequantizeLinear s z"));
            }
        }
        add(model, "Relu", "y", value);
    }

    private static void joined(TestModel model, int nodes) {
        String value = "x";
        for (int i = 0; i < nodes; i += 2) {
            add(model, "Concat", "c" + i, value, value);
            value = "h" + i;
            add(model, "Slice", value, "c" + i, "zero", "four", "two");
        }
        links(model, value, 2, List.of("QuantizeLinear s z", "DequantizeLinear s z"), "y");
    }
}
