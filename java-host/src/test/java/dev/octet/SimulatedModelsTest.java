package dev.octet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.octet.backend.cuda.Simulator;
import dev.octet.calib.CalibrationData;
import dev.octet.data.DataOptions;
import dev.octet.data.Dataset;
import dev.octet.data.Datasets;
import dev.octet.data.Preprocess;
import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.ValueInfo;
import dev.octet.runtime.DeviceChoice;
import dev.octet.runtime.PlanStep;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.SharedData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shared models on the simulated CUDA device, float and quantized, against the CPU. The networks for 224 pixels are
 * given 32 or 64: every layer has a kernel all the same, and the simulator is slow. Their weights and the number of layers stay.
 * ResNet-56 is left out: its layers are ResNet-20's.
 */
@Tag("cuda")
class SimulatedModelsTest {
    private static final int SAMPLES = 3;

    /** Which kernels compute integer products. */
    private static final String PRODUCTS = "octet.cuda.gemm";

    /**
     * Float results may differ by the order of sums: a layer adds at most K = 1280 products with a relative error of at
     * most K * 2^-24 of their magnitudes' sum, 8e-5, and rounding errors of 53 layers add up to a few times that.
     */
    private static final double FLOAT_TOLERANCE = 5e-4;

    @TempDir
    Path folder;

    static List<Arguments> models() {
        String cifar = "images/cifar10-calibration";
        String imagenet = "images/imagenet-calibration";
        return List.of(
                Arguments.of("mlperf_kws_dscnn", "kws", OptionalInt.empty()),
                Arguments.of("cifar10_resnet20", cifar, OptionalInt.empty()),
                Arguments.of("squeezenet1.1_224", imagenet, OptionalInt.of(64)),
                Arguments.of("mobilenet_v1_1.0_224_qatdeq", imagenet, OptionalInt.of(32)),
                Arguments.of("mobilenet_v2_1.0_224_tf", imagenet, OptionalInt.of(32)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void run_int8_isBitEqualToTheCpu(String name, String data, OptionalInt pixels) throws Exception {
        try (Simulator simulator = Simulator.require(folder)) {
            requireBitEqual(name, data, pixels);

            assertThat(simulator.violations()).isEmpty();
            assertThat(simulator.leaks()).isEmpty();
        }
    }

    @Test
    void run_int8OnHoppersWarpgroups_isBitEqualToTheCpu() throws Exception {
        String before = System.getProperty(PRODUCTS, "auto");
        try (Simulator simulator = Simulator.require(folder)) {
            simulator.set("CAPABILITY", "90");
            System.setProperty(PRODUCTS, "wgmma");

            List<String> kernels = requireBitEqual("mlperf_kws_dscnn", "kws", OptionalInt.empty());

            assertThat(kernels)
                    .filteredOn(kernel -> kernel.startsWith("octet_igmma64x"))
                    .as("four pointwise convolutions and the classifier")
                    .hasSize(5);
            assertThat(simulator.violations()).isEmpty();
            assertThat(simulator.leaks()).isEmpty();
        } finally {
            System.setProperty(PRODUCTS, before);
        }
    }

    /** The kernels of the device's plan. */
    private List<String> requireBitEqual(String name, String data, OptionalInt pixels) throws Exception {
        Model model = model(name, pixels);
        Dataset samples = Datasets.open(SharedData.data().resolve(data), options(name), model.inputs());
        Path file = folder.resolve("int8.onnx");
        quantize(model, samples).save(file);
        Model int8 = Model.load(file);

        List<Map<String, Tensor>> expected = run(int8, samples, SAMPLES, DeviceChoice.CPU);
        List<Map<String, Tensor>> actual = run(int8, samples, SAMPLES, new DeviceChoice.Cuda(0));

        for (int i = 0; i < SAMPLES; i++) {
            Map<String, Tensor> computed = actual.get(i);
            expected.get(i)
                    .forEach((output, tensor) -> assertThat(
                                    value(computed, output).toFloats())
                            .as(output)
                            .isEqualTo(tensor.toFloats()));
        }
        return kernels(int8, samples.sample(0).inputs());
    }

    private static List<String> kernels(Model model, Map<String, Tensor> inputs) {
        SessionOptions options = SessionOptions.defaults().withDevice(new DeviceChoice.Cuda(0));
        Map<String, Shape> shapes = new LinkedHashMap<>();
        inputs.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        try (Session session = model.open(options)) {
            return session.plan(shapes).steps().stream().map(PlanStep::kernel).toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void run_float_isCloseToTheCpu(String name, String data, OptionalInt pixels) throws Exception {
        try (Simulator simulator = Simulator.require(folder)) {
            Model model = model(name, pixels);
            Dataset samples = Datasets.open(SharedData.data().resolve(data), options(name), model.inputs());

            Map<String, Tensor> expected =
                    run(model, samples, 1, DeviceChoice.CPU).get(0);
            Map<String, Tensor> actual =
                    run(model, samples, 1, new DeviceChoice.Cuda(0)).get(0);

            expected.forEach((output, tensor) -> assertClose(output, tensor, value(actual, output)));
            assertThat(simulator.violations()).isEmpty();
            assertThat(simulator.leaks()).isEmpty();
        }
    }

    private static void assertClose(String output, Tensor expected, Tensor actual) {
        float[] want = expected.toFloats();
        float[] got = actual.toFloats();
        double largest = 0;
        for (float element : want) {
            largest = Math.max(largest, Math.abs(element));
        }
        assertThat(got).hasSameSizeAs(want);
        for (int i = 0; i < want.length; i++) {
            assertThat((double) got[i]).as("%s[%d]", output, i).isCloseTo(want[i], offset(FLOAT_TOLERANCE * largest));
        }
    }

    private static DataOptions options(String name) {
        Preprocess preprocess = name.startsWith("mobilenet") ? Preprocess.TF : Preprocess.TORCH;
        return DataOptions.defaults().withLimit(SAMPLES).withPreprocess(preprocess);
    }

    /** The model, its input made smaller where asked. */
    private static Model model(String name, OptionalInt pixels) {
        Graph graph = Model.load(SharedData.data().resolve("models/" + name + ".onnx"))
                .graph();
        if (pixels.isEmpty()) {
            return new Model(graph);
        }
        List<ValueInfo> inputs = graph.inputs().stream()
                .map(input -> {
                    List<Dim> dims = new ArrayList<>(input.dims().orElseThrow());
                    dims.set(2, new Dim.Known(pixels.getAsInt()));
                    dims.set(3, new Dim.Known(pixels.getAsInt()));
                    return new ValueInfo(input.name(), input.dtype(), Optional.of(dims));
                })
                .toList();
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        return new Model(new Graph(graph.name(), inputs, graph.outputs(), graph.nodes(), constants));
    }

    private static Model quantize(Model model, Dataset samples) {
        ModelQuantizer quantizer = new ModelQuantizer(model, QuantizeOptions.DEFAULT);
        return quantizer.quantize(quantizer.calibrate(
                new DatasetSamples(samples, samples.size()),
                SessionOptions.defaults().withDevice(DeviceChoice.CPU),
                new CalibrationData.Origin("", "test"),
                () -> {}));
    }

    /** Runs some samples one after the other; on the device the later ones repeat what was recorded. */
    private static List<Map<String, Tensor>> run(Model model, Dataset samples, int count, DeviceChoice device)
            throws Exception {
        try (Session session = model.open(SessionOptions.defaults().withDevice(device))) {
            List<Map<String, Tensor>> results = new ArrayList<>();
            Map<String, Shape> shapes = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                Map<String, Tensor> inputs = samples.sample(i).inputs();
                results.add(session.run(inputs));
                inputs.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
            }
            assertThat(session.plan(shapes).fallbacks()).isEmpty();
            return results;
        }
    }

    private static Tensor value(Map<String, Tensor> results, String name) {
        return Optional.ofNullable(results.get(name)).orElseThrow();
    }
}
