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

/** Models of one operator each whose attributes and constants are extreme or make no sense; some are valid all the same. */
public final class HostileOperators {
    private static final long HUGE = 1L << 40;
    private static final long[] EXTREMES = {0, -1, -9, 99, HUGE, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final Attributes NONE = Attributes.NONE;

    private final Path folder;
    private final List<Case> models = new ArrayList<>();

    /**
     * A model.
     *
     * @param takesImage whether its input x is f32[1,4,6,6], else f32[2]
     */
    public record Case(Path model, boolean takesImage) {}

    private HostileOperators(Path folder) {
        this.folder = folder;
    }

    /** Writes all models below a folder. */
    public static List<Case> write(Path folder) throws IOException {
        HostileOperators all = new HostileOperators(folder);
        all.shapes();
        all.indices();
        all.windows();
        all.attributes();
        all.reals();
        all.empties();
        return all.models;
    }

    private static Tensor longs(long... values) {
        return Tensor.vector(values);
    }

    private static Tensor floats(float... values) {
        return Tensor.ofFloats(Shape.of(values.length), values);
    }

    private static Attributes with(String name, long... values) {
        return Attributes.builder().put(name, values).build();
    }

    private static Attributes one(String name, long value) {
        return Attributes.builder().put(name, value).build();
    }

    /** A node of the image x f32[1,4,6,6], or of constants alone if the operator takes no such thing, and constants. */
    private void add(String opType, Attributes attributes, Tensor... constants) throws IOException {
        write(opType, attributes, List.of("x"), new long[] {1, 4, 6, 6}, constants);
    }

    private void addConstant(String opType, Attributes attributes, Tensor... constants) throws IOException {
        write(opType, attributes, List.of(), new long[] {2}, constants);
    }

    private void write(String opType, Attributes attributes, List<String> first, long[] dims, Tensor... constants)
            throws IOException {
        TestModel model = new TestModel(20).input("x", DType.F32, dims);
        List<String> inputs = new ArrayList<>(first);
        for (int i = 0; i < constants.length; i++) {
            if (constants[i].elementCount() > 0) {
                model.constant("c" + i, constants[i]);
            }
            inputs.add(constants[i].elementCount() > 0 ? "c" + i : "");
        }
        Path home = folder.resolve(models.size() + "_" + opType);
        Files.createDirectories(home);
        Path file = model.add(TestModel.node(opType, attributes, inputs, "y"))
                .output("y", DType.F32)
                .write(home);
        models.add(new Case(file, !first.isEmpty()));
    }

    /** Sizes of outputs that follow from constants. */
    private void shapes() throws IOException {
        Tensor absent = longs();
        for (long n : EXTREMES) {
            add("Expand", NONE, longs(n, 4, 6, 6));
            add("Expand", NONE, longs(n, n, 1, 4, 6, 6));
            add("Tile", NONE, longs(n, n, 1, 1));
            add("Tile", NONE, longs(n));
            add("Reshape", NONE, longs(n, n));
            add("Reshape", NONE, longs(n, -1));
            add("Pad", NONE, longs(0, 0, n, n, 0, 0, n, n));
            add("Pad", Attributes.builder().put("mode", "reflect").build(), longs(0, 0, n, 0, 0, 0, n, 0));
            add("Pad", Attributes.builder().put("mode", "wrap").build(), longs(0, 0, n, 0, 0, 0, 0, 0));
            add("Resize", NONE, absent, absent, longs(1, 4, n, n));
            add("Upsample", NONE, floats(1, 1, n, n));
            add("Split", NONE, longs(n, 1));
            add("Split", one("num_outputs", n));
            add("TopK", NONE, longs(n));
            add("Unsqueeze", NONE, longs(n, 0));
            add("Squeeze", NONE, longs(n));
            add("CumSum", NONE, Tensor.ofLongs(Shape.SCALAR, n));
            add("Trilu", NONE, Tensor.ofLongs(Shape.SCALAR, n));
            add("ReduceSum", NONE, longs(n));
            addConstant("ConstantOfShape", NONE, longs(n, n));
            addConstant("ConstantOfShape", NONE, longs(n));
            addConstant("OneHot", NONE, longs(0, 1), Tensor.ofLongs(Shape.SCALAR, n), floats(0, 1));
            addConstant("OneHot", one("axis", n), longs(0, 1), Tensor.ofLongs(Shape.SCALAR, 3), floats(0, 1));
            addConstant("Range", NONE, scalar(0), scalar(n), scalar(1));
            addConstant("Range", NONE, scalar(n), scalar(-5), scalar(-1));
            addConstant("Range", NONE, scalar(Long.MIN_VALUE), scalar(Long.MAX_VALUE), scalar(n));
            addConstant("RandomNormal", with("shape", n, n));
        }
        long[] deep = new long[80];
        java.util.Arrays.fill(deep, 1);
        add("Expand", NONE, longs(deep));
        add("Reshape", NONE, longs(0, 0, 0, 0, 0, 0));
    }

    private static Tensor scalar(long value) {
        return Tensor.ofLongs(Shape.SCALAR, value);
    }

    private void indices() throws IOException {
        for (long n : EXTREMES) {
            add("Gather", one("axis", 1), longs(n));
            add("GatherElements", NONE, Tensor.ofLongs(Shape.of(1, 1, 1, 1), n));
            add("GatherND", NONE, Tensor.ofLongs(Shape.of(1, 2), 0, n));
            add("ScatterND", NONE, Tensor.ofLongs(Shape.of(1, 4), 0, 0, 0, n), floats(1));
            add(
                    "ScatterElements",
                    NONE,
                    Tensor.ofLongs(Shape.of(1, 1, 1, 1), n),
                    Tensor.ofFloats(Shape.of(1, 1, 1, 1), 1));
            add("Slice", NONE, longs(n), longs(Long.MAX_VALUE), longs(2), longs(1));
            add("Slice", NONE, longs(Long.MIN_VALUE), longs(n), longs(3), longs(2));
            add("Slice", NONE, longs(0), longs(5), longs(2), longs(n));
            add("Slice", NONE, longs(0, 0), longs(5, 5), longs(n, n));
            add("ReverseSequence", NONE, longs(n));
            add("Compress", one("axis", n), Tensor.ofBytes(DType.BOOL, Shape.of(2), (byte) 1, (byte) 0));
            addConstant("Div", NONE, longs(n, Long.MIN_VALUE), longs(-1, 0));
            addConstant("Mod", NONE, longs(n, Long.MIN_VALUE), longs(-1, 0));
            addConstant(
                    "BitShift", Attributes.builder().put("direction", "LEFT").build(), longs(n), longs(n));
            addConstant("Pow", NONE, longs(n, 3), longs(n, -2));
        }
    }

    private void windows() throws IOException {
        Tensor weight = Tensor.allocate(DType.F32, Shape.of(4, 4, 3, 3));
        for (long n : EXTREMES) {
            for (String attribute : List.of("strides", "dilations", "kernel_shape", "output_padding", "output_shape")) {
                add("Conv", with(attribute, n, n), weight);
                add("ConvTranspose", with(attribute, n, n), weight);
            }
            for (String pool : List.of("MaxPool", "AveragePool", "LpPool")) {
                add(pool, with("kernel_shape", n, n));
                for (String attribute : List.of("strides", "dilations")) {
                    add(
                            pool,
                            Attributes.builder()
                                    .put("kernel_shape", new long[] {2, 2})
                                    .put(attribute, new long[] {n, n})
                                    .build());
                }
                add(
                        pool,
                        Attributes.builder()
                                .put("kernel_shape", new long[] {2, 2})
                                .put("pads", new long[] {n, n, n, n})
                                .put("ceil_mode", 1)
                                .build());
            }
            add("Conv", with("pads", n, n, n, n), weight);
            add("ConvTranspose", with("pads", n, n, n, n), weight);
            add("Conv", one("group", n), weight);
            add("ConvTranspose", one("group", n), weight);
        }
    }

    private void attributes() throws IOException {
        Tensor four = floats(1, 1, 1, 1);
        for (long n : EXTREMES) {
            for (String op :
                    List.of("Softmax", "LogSoftmax", "Hardmax", "Flatten", "Concat", "ArgMax", "LpNormalization")) {
                add(op, one("axis", n));
            }
            add("Gather", one("axis", n), longs(0));
            add("LayerNormalization", one("axis", n), floats(1, 1, 1, 1, 1, 1));
            add("GroupNormalization", one("num_groups", n), four, four);
            add("LRN", one("size", n));
            add("DepthToSpace", one("blocksize", n));
            add("SpaceToDepth", one("blocksize", n));
            add("Transpose", with("perm", n, 0, 1, 2));
            add("Cast", one("to", n));
            add("EyeLike", one("k", n));
            add("Multinomial", one("sample_size", n));
            add("QuantizeLinear", one("axis", n), four, Tensor.allocate(DType.S8, Shape.of(4)));
            add("QuantizeLinear", one("block_size", n), Tensor.ofFloats(Shape.of(1, 1, 1, 1), 1));
            add("MeanVarianceNormalization", with("axes", n));
        }
        String deep = "a".repeat(2000);
        for (String equation : List.of(
                "",
                "->",
                "abcd",
                "abcd->",
                "aaaa->a",
                "...->",
                "ab...cd...",
                "a,b->c",
                "abcd->zz",
                deep,
                "abcd->" + deep,
                "a b\u001bcd->")) {
            add("Einsum", Attributes.builder().put("equation", equation).build());
        }
    }

    /** Values without an element whose other extents are as large as a long allows. */
    private void empties() throws IOException {
        Tensor four = floats(1, 1, 1, 1);
        Tensor weight = Tensor.allocate(DType.F32, Shape.of(4, 4, 3, 3));
        for (long[] dims : new long[][] {{0, 4, HUGE, 3}, {0, 4, 1L << 61, 3}, {HUGE, 4, 0, 3}, {HUGE, 4, 5, 0}}) {
            for (String op : List.of(
                    "Relu",
                    "Softmax",
                    "GlobalAveragePool",
                    "Transpose",
                    "ReduceMean",
                    "ArgMax",
                    "Flatten",
                    "Sigmoid",
                    "NonZero",
                    "LpNormalization",
                    "Concat",
                    "Shape")) {
                empty(op, NONE, dims);
            }
            empty("Conv", NONE, dims, weight);
            empty("ConvTranspose", with("strides", 2, 2), dims, weight);
            empty("MaxPool", with("kernel_shape", 2, 2), dims);
            empty("Resize", NONE, dims, longs(), floats(1, 1, 2, 2));
            empty("Tile", NONE, dims, longs(1, 1, 2, 2));
            empty("Pad", NONE, dims, longs(0, 0, 1, 1, 0, 0, 1, 1));
            empty("Slice", NONE, dims, longs(1), longs(Long.MAX_VALUE), longs(2));
            empty("Gather", one("axis", 2), dims, longs(0));
            empty("DepthToSpace", one("blocksize", 2), dims);
            empty("Add", NONE, dims, Tensor.scalar(1));
            empty("InstanceNormalization", NONE, dims, four, four);
            empty("MatMul", NONE, dims, Tensor.allocate(DType.F32, Shape.of(3, 2)));
            empty("QuantizeLinear", NONE, dims, Tensor.scalar(1), Tensor.scalar(DType.S8, 0));
            empty("TopK", NONE, dims, longs(1));
            empty("CumSum", NONE, dims, scalar(2));
        }
    }

    /** A node whose first input is computed to have these extents. */
    private void empty(String opType, Attributes attributes, long[] dims, Tensor... constants) throws IOException {
        TestModel model = new TestModel(20).input("x", DType.F32, 2).constant("dims", longs(dims));
        List<String> inputs = new ArrayList<>(List.of("e"));
        for (int i = 0; i < constants.length; i++) {
            if (constants[i].elementCount() > 0) {
                model.constant("c" + i, constants[i]);
            }
            inputs.add(constants[i].elementCount() > 0 ? "c" + i : "");
        }
        Path home = Files.createDirectories(folder.resolve(models.size() + "_empty_" + opType));
        Path file = model.add(TestModel.node("ConstantOfShape", NONE, List.of("dims"), "e"))
                .add(TestModel.node(opType, attributes, inputs, "y"))
                .output("y", DType.F32)
                .write(home);
        models.add(new Case(file, false));
    }

    private void reals() throws IOException {
        for (float r : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY, 1e-30f, 1e30f, 1e6f, -0f}) {
            add("Resize", NONE, longs(), floats(1, 1, r, r));
            add("Upsample", NONE, floats(r, 1, 1, 1));
            addConstant("Range", NONE, Tensor.scalar(0), Tensor.scalar(5), Tensor.scalar(r));
            addConstant("Range", NONE, Tensor.scalar(r), Tensor.scalar(5), Tensor.scalar(1));
            addConstant("Range", NONE, Tensor.scalar(0), Tensor.scalar(r), Tensor.scalar(1e-40f));
            add("Clip", NONE, Tensor.scalar(r), Tensor.scalar(-5));
            add("Dropout", NONE, Tensor.scalar(r));
            add("DequantizeLinear", NONE, Tensor.scalar(r));
            add("QuantizeLinear", NONE, Tensor.scalar(r));
            addConstant(
                    "DequantizeLinear",
                    NONE,
                    Tensor.ofBytes(DType.S8, Shape.of(2), (byte) 1, (byte) 2),
                    Tensor.scalar(r));
        }
    }
}
