package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.graph.OpType;
import dev.octet.graph.op.Ops;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * A model of one operator whose operands and attributes began as sensible ones, before a few of them became absent, of
 * another type, rank or size, or of extreme values. What an operand holds stands in the model, is given when it runs, or is
 * computed. Deterministic in its seed.
 */
public final class RandomOperators {
    private static final long[] WHOLE = {
        0,
        1,
        2,
        3,
        5,
        7,
        -1,
        -2,
        -5,
        64,
        1000,
        65_537,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 40,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1
    };
    private static final double[] REAL = {
        0,
        -0.0,
        1,
        -1,
        0.5,
        2,
        1e-40,
        1e-30,
        3e38,
        -3e38,
        1e9,
        -1e9,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final DType[] TYPES = {
        DType.F32,
        DType.F32,
        DType.F64,
        DType.F16,
        DType.S64,
        DType.S64,
        DType.S32,
        DType.S8,
        DType.U8,
        DType.BOOL,
        DType.S16,
        DType.U16,
        DType.U32,
        DType.U64
    };
    private static final long MAX_ELEMENTS = 1 << 14;

    private final Random random;

    /** One in how many operands and attributes goes wrong. */
    private final int mildness;

    private final Path folder;
    private final TestModel model;
    private final List<String> options = new ArrayList<>();

    /**
     * A model and what it is run with.
     *
     * @param inputs {@code NAME=FILE} for each graph input
     */
    public record Case(String op, Path model, List<String> inputs) {}

    private RandomOperators(Path folder, long seed) {
        this.folder = folder;
        this.random = new Random(seed);
        this.mildness = new int[] {2, 6, 12}[random.nextInt(3)];
        this.model = new TestModel(random.nextInt(4) > 0 ? 20 : 13 + random.nextInt(12));
    }

    /** Writes the model that belongs to a seed, and files for its inputs. */
    public static Case write(Path folder, long seed) throws IOException {
        return new RandomOperators(folder, seed).write();
    }

    private Case write() throws IOException {
        // Whose order is that of enum constants in a hash map: another in each process.
        List<OpType> all =
                Ops.ALL.stream().sorted(Comparator.comparing(OpType::name)).toList();
        OpType type = all.get(random.nextInt(all.size()));
        String op = type.name();
        List<OperatorTemplates.Template> uses = OperatorTemplates.of(type);
        OperatorTemplates.Template template = uses.get(random.nextInt(uses.size()));
        List<Tensor> operands = new ArrayList<>();
        for (String operand : template.operands()) {
            operands.add(operand(operand));
        }
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            inputs.add(deliver("v" + i, random.nextInt(mildness) == 0 ? changed(operands.get(i)) : operands.get(i)));
        }
        rearrange(inputs);
        String[] outputs = new String[random.nextInt(12) > 0 ? template.outputs() : 1 + random.nextInt(4)];
        Arrays.setAll(outputs, i -> random.nextInt(40) == 0 ? "" : "y" + i);
        model.add(TestModel.node(op, attributes(template.attributes()), inputs, outputs));
        for (String output : outputs) {
            model.output(output.isEmpty() ? "y" : output);
        }
        return new Case(op, model.write(folder), options);
    }

    /** Inputs go missing, come twice, are exchanged or name nothing. */
    private void rearrange(List<String> inputs) {
        if (random.nextInt(2 * mildness) > 0 || inputs.isEmpty()) {
            return;
        }
        int at = random.nextInt(inputs.size());
        switch (random.nextInt(6)) {
            case 0 -> inputs.remove(at);
            case 1 -> inputs.set(at, "");
            case 2 -> inputs.set(at, inputs.get(random.nextInt(inputs.size())));
            case 3 -> inputs.add(inputs.get(at));
            case 4 -> java.util.Collections.swap(inputs, at, random.nextInt(inputs.size()));
            default -> inputs.set(at, random.nextBoolean() ? "nothing" : "y0");
        }
    }

    /** A value's name, after it was given to the model. */
    private String deliver(String name, Tensor value) throws IOException {
        int way = random.nextInt(8);
        if (way < 3) {
            model.constant(name, value);
        } else if (way < 7) {
            Path file = folder.resolve(name + ".pb");
            TensorProtoFile.write(file, new TensorProtoFile.Named(name, value));
            options.add(name + "=" + file);
            boolean declared = random.nextInt(mildness) > 0;
            model.input(name, value.dtype(), declared ? value.shape().dims() : new long[0]);
        } else {
            model.constant("dims_" + name, Tensor.vector(value.shape().dims()))
                    .add(TestModel.node("ConstantOfShape", filler(value), List.of("dims_" + name), name));
        }
        return name;
    }

    private static Attributes filler(Tensor value) {
        Tensor one = Tensor.allocate(value.dtype(), Shape.of(1));
        if (value.elementCount() > 0) {
            one.setDouble(0, value.getDouble(0));
        }
        return Attributes.builder().put("value", one).build();
    }

    /** A tensor from such a text as {@code f2,3} or {@code i:1,2}, a vector of these numbers. */
    private Tensor operand(String text) {
        DType dtype = switch (text.charAt(0)) {
            case 'f' -> DType.F32;
            case 'i' -> DType.S64;
            case 's' -> DType.S8;
            case 'u' -> DType.U8;
            case 'b' -> DType.BOOL;
            case 'w' -> DType.S32;
            default -> throw new IllegalArgumentException(text);
        };
        boolean given = text.indexOf(':') > 0;
        String rest = text.substring(given ? 2 : 1);
        long[] numbers = rest.isEmpty()
                ? new long[0]
                : Arrays.stream(rest.split(",")).mapToLong(Long::parseLong).toArray();
        Tensor tensor = Tensor.allocate(dtype, given ? Shape.of(numbers.length) : Shape.of(numbers));
        for (int i = 0; i < tensor.elementCount(); i++) {
            tensor.setDouble(i, given ? numbers[i] : dtype == DType.BOOL ? i % 2 : dtype == DType.S64 ? 0 : 1 + i % 5);
        }
        return tensor;
    }

    private Tensor changed(Tensor value) {
        long[] dims = value.shape().dims();
        DType dtype = value.dtype();
        switch (random.nextInt(6)) {
            case 0 -> dtype = TYPES[random.nextInt(TYPES.length)];
            case 1 -> dims = resized(dims);
            case 2 ->
                dims = random.nextBoolean()
                        ? LongStream.concat(LongStream.of(1), LongStream.of(dims))
                                .toArray()
                        : Arrays.copyOf(dims, Math.max(0, dims.length - 1));
            default -> {
                return extreme(Tensor.allocate(dtype, value.shape()), value);
            }
        }
        Tensor result = Tensor.allocate(dtype, Shape.of(dims));
        for (long i = 0; i < result.elementCount(); i++) {
            result.setDouble(
                    i, value.elementCount() > 0 && dtype != DType.BOOL ? value.getDouble(i % value.elementCount()) : 1);
        }
        return result;
    }

    private long[] resized(long... dims) {
        long[] result = dims.clone();
        if (result.length > 0) {
            int axis = random.nextInt(result.length);
            result[axis] = new long[] {0, 1, dims[axis] + 1, 2 * dims[axis], 17}[random.nextInt(5)];
        }
        return Shape.of(result).elementCount() <= MAX_ELEMENTS ? result : dims;
    }

    private Tensor extreme(Tensor result, Tensor value) {
        int which = random.nextInt(3);
        for (int i = 0; i < result.elementCount(); i++) {
            if (which == 0 || random.nextInt(3) == 0) {
                extreme(result, i);
            } else {
                result.setDouble(i, value.getDouble(i));
            }
        }
        return result;
    }

    private void extreme(Tensor result, int index) {
        long whole = WHOLE[random.nextInt(WHOLE.length)];
        switch (result.dtype()) {
            case S64 -> result.setLong(index, whole);
            case BOOL -> result.setDouble(index, random.nextInt(2));
            case F32 -> result.setDouble(index, REAL[random.nextInt(REAL.length)]);
            default -> result.setDouble(index, whole % 100);
        }
    }

    private Attributes attributes(List<String> sensible) {
        Attributes.Builder builder = Attributes.builder();
        for (String text : sensible) {
            int split = text.indexOf('=');
            if (random.nextInt(4) > 0) {
                put(builder, text.substring(0, split), text.substring(split + 1));
            }
        }
        return builder.build();
    }

    private void put(Attributes.Builder builder, String name, String value) {
        boolean kept = random.nextInt(mildness) > 0;
        if (random.nextInt(8 * mildness) == 0) {
            builder.put(name, "\u001b[2J\n");
        } else if (value.startsWith("[")) {
            String[] texts = value.substring(1, value.length() - 1).split(",");
            long[] numbers = new long[kept ? texts.length : random.nextInt(texts.length + 2)];
            Arrays.setAll(numbers, i -> kept ? Long.parseLong(texts[i]) : random.nextBoolean() ? 1 : whole());
            builder.put(name, numbers);
        } else if (value.matches("-?[0-9]+")) {
            builder.put(name, kept ? Long.parseLong(value) : whole());
        } else if (value.matches("[-0-9.e]+")) {
            builder.put(name, kept ? Float.parseFloat(value) : (float) REAL[random.nextInt(REAL.length)]);
        } else {
            String[] choices = value.split("\\|");
            builder.put(name, choices[kept ? random.nextInt(Math.min(2, choices.length)) : choices.length - 1]);
        }
    }

    private long whole() {
        return WHOLE[random.nextInt(WHOLE.length)];
    }
}
