package dev.octet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.data.NpyFile;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Conv;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.graph.op.SpatialWindow.AutoPad;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeExampleTest {
    private static final long SEED = 31337;
    private static final String CLASS_NAME = "QuantizeExample";

    @TempDir
    Path folder;

    @Test
    void example_compiledAndRun_writesAQuantizedModel() throws Exception {
        Path source = folder.resolve(CLASS_NAME + ".java");
        Files.writeString(source, example());
        Path model = folder.resolve("model.onnx");
        new Model(network()).save(model);
        Path data = Files.createDirectory(folder.resolve("data"));
        NpyFile.write(data.resolve("inputs.npy"), random(Shape.of(5, 3, 8, 8)));
        Path quantized = folder.resolve("quantized.onnx");

        compile(source);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            String[] arguments = {model.toString(), data.toString(), quantized.toString()};
            loader.loadClass(CLASS_NAME).getMethod("main", String[].class).invoke(null, (Object) arguments);
        }

        assertThat(Model.load(quantized).graph().nodes())
                .extracting(node -> node.op().type().name())
                .containsExactlyInAnyOrder(
                        "QuantizeLinear", "DequantizeLinear", "DequantizeLinear", "DequantizeLinear", "Conv");
    }

    private static String example() throws Exception {
        Path readme = Path.of("..", "README.md");
        Matcher code = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(readme));
        assertThat(code.find()).as("the README has a Java example").isTrue();
        return code.group(1);
    }

    private void compile(Path source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        List<String> options =
                List.of("-classpath", System.getProperty("java.class.path"), "-d", folder.toString(), "-proc:none");
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        options,
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
    }

    private static Graph network() {
        SpatialWindow window =
                new SpatialWindow(new long[0], new long[0], new long[0], new long[] {1, 1, 1, 1}, AutoPad.NOTSET);
        return new Graph(
                "example",
                List.of(ValueInfo.of("x", DType.F32, 1, 3, 8, 8)),
                List.of(ValueInfo.of("y", DType.F32, 1, 4, 8, 8)),
                List.of(new Node("conv", new Conv(window, 1), List.of("x", "w", "b"), List.of("y"))),
                Map.of("w", random(Shape.of(4, 3, 3, 3)), "b", random(Shape.of(4))));
    }

    private static Tensor random(Shape shape) {
        Random random = new Random(SEED);
        Tensor tensor = Tensor.allocate(DType.F32, shape);
        for (long i = 0; i < tensor.elementCount(); i++) {
            tensor.setFloat(i, (float) random.nextGaussian());
        }
        return tensor;
    }
}
