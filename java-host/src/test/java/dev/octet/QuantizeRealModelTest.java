package dev.octet;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.octet.analysis.Classification;
import dev.octet.analysis.PairedPredictions;
import dev.octet.calib.CalibrationData;
import dev.octet.calib.RangeTable;
import dev.octet.data.DataOptions;
import dev.octet.data.Dataset;
import dev.octet.data.Datasets;
import dev.octet.data.Sample;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.Tensor;
import dev.octet.testing.OrtStart;
import dev.octet.testing.SharedData;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A pre-trained ResNet for CIFAR-10, quantized with its calibration images and judged on labelled ones. */
@ExtendWith(OrtStart.class)
class QuantizeRealModelTest {
    private static final int CALIBRATION_IMAGES = 100;
    private static final int IMAGES = 300;

    /** The measured change on all 1000 images is below a third of a point; 300 images add noise of about one point. */
    private static final double MAX_LOSS_POINTS = 2;

    private static final double MIN_AGREEMENT = 0.95;

    /** Integer execution and ONNX Runtime's float evaluation of the same Q/DQ graph differ in rounding only. */
    private static final double MIN_PEER_AGREEMENT = 0.98;

    @TempDir
    Path folder;

    @Test
    void quantize_resnet20_keepsAccuracyAndAgreesWithOnnxRuntime() throws Exception {
        Path images = SharedData.data().resolve("images");
        Model model = Model.load(SharedData.data().resolve("models/cifar10_resnet20.onnx"));
        Dataset calibration = Datasets.open(
                images.resolve("cifar10-calibration"),
                DataOptions.defaults().withLimit(CALIBRATION_IMAGES),
                model.inputs());
        Dataset labelled = Datasets.open(
                images.resolve("cifar10-validation"),
                DataOptions.defaults().withLimit(IMAGES).withSeed(1),
                model.inputs());
        ModelQuantizer quantizer = new ModelQuantizer(model, QuantizeOptions.DEFAULT);
        RangeTable ranges = quantizer.calibrate(
                new DatasetSamples(calibration, calibration.size()),
                SessionOptions.defaults(),
                new CalibrationData.Origin("", "test"),
                () -> {});
        Path file = folder.resolve("resnet20.int8.onnx");
        quantizer.quantize(ranges).save(file);

        PairedPredictions againstFloat = new PairedPredictions();
        PairedPredictions againstPeer = new PairedPredictions();
        try (Session floatSession = model.open(SessionOptions.defaults());
                Session int8Session = Model.load(file).open(SessionOptions.defaults());
                OrtSession peer = OrtEnvironment.getEnvironment().createSession(file.toString(), unoptimized())) {
            for (int i = 0; i < labelled.size(); i++) {
                Sample sample = labelled.sample(i);
                int label = (int) sample.label().orElseThrow();
                int int8 = prediction(int8Session.run(sample.inputs()));
                againstFloat.add(prediction(floatSession.run(sample.inputs())), int8, label);
                againstPeer.add(prediction(peer, sample), int8, label);
            }
        }

        assertThat(againstFloat.result().top1Change()).isGreaterThanOrEqualTo(-MAX_LOSS_POINTS);
        assertThat(againstFloat.result().agreement()).isGreaterThanOrEqualTo(MIN_AGREEMENT);
        assertThat(againstPeer.result().agreement()).isGreaterThanOrEqualTo(MIN_PEER_AGREEMENT);
    }

    /** Fused int8 kernels of ONNX Runtime saturate on CPUs without VNNI, so that its results depend on the machine. */
    private static OrtSession.SessionOptions unoptimized() throws Exception {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
        return options;
    }

    private static int prediction(Map<String, Tensor> outputs) {
        return Classification.predictions(outputs.values().iterator().next(), 1)[0];
    }

    private static int prediction(OrtSession peer, Sample sample) throws Exception {
        Tensor image = sample.inputs().values().iterator().next();
        try (OnnxTensor input = OnnxTensor.createTensor(
                        OrtEnvironment.getEnvironment(),
                        FloatBuffer.wrap(image.toFloats()),
                        image.shape().dims());
                OrtSession.Result result =
                        peer.run(Map.of(sample.inputs().keySet().iterator().next(), input))) {
            float[][] scores = (float[][]) result.get(0).getValue();
            return Classification.predictions(
                    Tensor.ofFloats(dev.octet.tensor.Shape.of(1, scores[0].length), scores[0]), 1)[0];
        }
    }
}
