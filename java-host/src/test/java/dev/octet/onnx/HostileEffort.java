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

/** Small models that need little memory and endless work; their input is f32[2]. */
public final class HostileEffort {
    private static final Attributes NONE = Attributes.NONE;

    private HostileEffort() {}

    /** Writes all models below a folder. */
    public static List<Path> write(Path folder) throws IOException {
        List<Path> models = new ArrayList<>();
        models.add(manyProducts(home(folder, "products")));
        models.add(dynamicProduct(home(folder, "dynamic")));
        models.add(window(home(folder, "window")));
        models.add(convolution(home(folder, "convolution")));
        models.add(sum(home(folder, "sum")));
        return models;
    }

    private static Path home(Path folder, String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private static Attributes longs(String name, long... values) {
        return Attributes.builder().put(name, values).build();
    }

    /** An output of {@code size} squared elements. */
    public static Path square(Path folder, long size) throws IOException {
        return squares(size).output("a", DType.F32).write(folder);
    }

    /** A product of two square matrices that are computed. */
    public static Path product(Path folder, long size) throws IOException {
        return squares(size)
                .add(TestModel.node("MatMul", NONE, List.of("a", "a"), "y"))
                .output("y", DType.F32)
                .write(folder);
    }

    /**
     * Products of matrices whose sizes are known only when NonZero has run: each takes {@code size} to the third power
     * operations.
     */
    public static Path productsAtRunTime(Path folder, long size, int count) throws IOException {
        TestModel model = new TestModel(20)
                .input("x", DType.F32, 2)
                .add(TestModel.node("NonZero", NONE, List.of("x"), "n"))
                .add(TestModel.node("ReduceMax", NONE, List.of("n"), "m"))
                .constant("two", Tensor.vector(2))
                .constant("size", Tensor.vector(size))
                .add(TestModel.node("Reshape", NONE, List.of("m", "one"), "k"))
                .constant("one", Tensor.vector(1))
                .add(TestModel.node("Mul", NONE, List.of("k", "size"), "s"))
                .add(TestModel.node("Expand", NONE, List.of("s", "two"), "dims"))
                .add(TestModel.node("ConstantOfShape", NONE, List.of("dims"), "p0"));
        for (int i = 0; i < count; i++) {
            model.add(TestModel.node("MatMul", NONE, List.of("p" + i, "p0"), "p" + (i + 1)));
        }
        return model.output("p" + count, DType.F32).write(folder);
    }

    /** A product by a constant of these extents; its input is f32[4,rows]. */
    public static Path weight(Path folder, long rows, long columns) throws IOException {
        return new TestModel(20)
                .input("x", DType.F32, 4, rows)
                .constant("w", Tensor.allocate(DType.F32, Shape.of(rows, columns)))
                .add(TestModel.node("MatMul", NONE, List.of("x", "w"), "y"))
                .output("y", DType.F32)
                .write(folder);
    }

    private static TestModel squares(long size) {
        return new TestModel(20)
                .input("x", DType.F32, 2)
                .constant("dims", Tensor.vector(size, size))
                .constant("zero", Tensor.vector(0))
                .add(TestModel.node("ConstantOfShape", NONE, List.of("dims"), "o"))
                .add(TestModel.node("Gather", NONE, List.of("x", "zero"), "s"))
                .add(TestModel.node("Add", NONE, List.of("o", "s"), "a"));
    }

    private static Path manyProducts(Path folder) throws IOException {
        TestModel model = squares(3000);
        for (int i = 0; i < 500; i++) {
            model.add(TestModel.node("MatMul", NONE, List.of("a", i == 0 ? "a" : "p" + i), "p" + (i + 1)));
        }
        return model.output("p500", DType.F32).write(folder);
    }

    /** The sizes are known only when NonZero has run. */
    private static Path dynamicProduct(Path folder) throws IOException {
        return new TestModel(20)
                .input("x", DType.F32, 2)
                .add(TestModel.node("NonZero", NONE, List.of("x"), "n"))
                .add(TestModel.node("ReduceMax", NONE, List.of("n"), "m"))
                .add(TestModel.node("Reshape", NONE, List.of("m", "one"), "k"))
                .constant("one", Tensor.vector(1))
                .constant("width", Tensor.vector(4_000_000))
                .add(TestModel.node("Mul", NONE, List.of("k", "width"), "e"))
                .add(TestModel.node("ConstantOfShape", NONE, List.of("e"), "v"))
                .add(TestModel.node(
                        "Einsum", Attributes.builder().put("equation", "i,j->").build(), List.of("v", "v"), "y"))
                .output("y", DType.F32)
                .write(folder);
    }

    private static Path window(Path folder) throws IOException {
        Attributes attributes = Attributes.builder()
                .put("kernel_shape", new long[] {2000, 2000})
                .put("pads", new long[] {1000, 1000, 999, 999})
                .build();
        return image(2000)
                .add(TestModel.node("MaxPool", attributes, List.of("i"), "y"))
                .output("y", DType.F32)
                .write(folder);
    }

    private static Path convolution(Path folder) throws IOException {
        return image(3000)
                .constant("wdims", Tensor.vector(1, 1, 2999, 2999))
                .add(TestModel.node("ConstantOfShape", NONE, List.of("wdims"), "w"))
                .add(TestModel.node("Conv", longs("pads", 1499, 1499, 1499, 1499), List.of("i", "w"), "y"))
                .output("y", DType.F32)
                .write(folder);
    }

    private static TestModel image(long size) {
        return new TestModel(20)
                .input("x", DType.F32, 2)
                .constant("dims", Tensor.vector(1, 1, size, size))
                .constant("zero", Tensor.ofLongs(Shape.SCALAR, 0))
                .add(TestModel.node("ConstantOfShape", NONE, List.of("dims"), "o"))
                .add(TestModel.node("Gather", NONE, List.of("x", "zero"), "s"))
                .add(TestModel.node("Add", NONE, List.of("o", "s"), "i"));
    }

    private static Path sum(Path folder) throws IOException {
        Attributes equation = Attributes.builder().put("equation", "i,j,k->").build();
        return new TestModel(20)
                .input("x", DType.F32, 2)
                .constant("dims", Tensor.vector(50_000))
                .constant("zero", Tensor.vector(0))
                .add(TestModel.node("ConstantOfShape", NONE, List.of("dims"), "o"))
                .add(TestModel.node("Gather", NONE, List.of("x", "zero"), "s"))
                .add(TestModel.node("Add", NONE, List.of("o", "s"), "v"))
                .add(TestModel.node("Einsum", equation, List.of("v", "v", "v"), "y"))
                .output("y", DType.F32)
                .write(folder);
    }
}
