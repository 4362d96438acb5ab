package dev.octet.demo;

import dev.octet.LayerErrors;
import dev.octet.Model;
import dev.octet.ModelQuantizer;
import dev.octet.QuantizationReport;
import dev.octet.QuantizeOptions;
import dev.octet.Version;
import dev.octet.analysis.Comparison;
import dev.octet.analysis.Workload;
import dev.octet.calib.CalibrationData;
import dev.octet.calib.RangeTable;
import dev.octet.io.FileHash;
import dev.octet.quant.ActivationScheme;
import dev.octet.report.DemoReport;
import dev.octet.report.Fact;
import dev.octet.report.QuantizeReport;
import dev.octet.report.QuantizeSettings;
import dev.octet.report.ReportFiles;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Quantizes MiniLM with sentences of ours, runs it in float and in INT8 on other sentences, and says how much smaller,
 * faster and different it became.
 */
public final class MiniLmDemo {
    private static final String NAME = "all-MiniLM-L6-v2";
    private static final int WORST_LAYERS = 5;

    /** What GELU and softmax leave is far from symmetric: a zero point halves the steps. */
    private static final QuantizeOptions OPTIONS = QuantizeOptions.DEFAULT.withActivations(ActivationScheme.AFFINE);

    /** Every eighth calibration sentence: layer errors need no more. */
    private static final int ERROR_STRIDE = 8;

    private final Path floatFile;
    private final Path int8File;
    private final Path reportFile;
    private final SessionOptions session;
    private final DemoProgress progress;

    /**
     * @param folder where the models and the page are written; created if it is not there
     */
    public MiniLmDemo(Path folder, SessionOptions session, DemoProgress progress) {
        this.floatFile = folder.resolve("minilm-float.onnx");
        this.int8File = folder.resolve("minilm-int8.onnx");
        this.reportFile = folder.resolve("minilm-report.html");
        this.session = session;
        this.progress = progress;
    }

    /**
     * Runs it all.
     *
     * @throws dev.octet.tensor.ConfigException if the jar with the network is not on the class path
     */
    public DemoReport run() throws IOException {
        Files.createDirectories(floatFile.toAbsolutePath().getParent());
        MiniLmFiles.copyModel(floatFile);
        WordPieceTokenizer tokenizer = MiniLmFiles.tokenizer();
        Model model = Model.load(floatFile);
        ModelQuantizer quantizer = new ModelQuantizer(model, OPTIONS);
        RangeTable ranges = calibrate(quantizer, tokenizer);
        Model quantized = quantizer.quantize(ranges);
        quantized.save(int8File);
        QuantizeReport report = report(quantizer, quantized, ranges, tokenizer);
        Judge.Verdict verdict = judge(model, tokenizer);
        ReportFiles.write(report.withFacts(facts(verdict)), reportFile);
        return new DemoReport(
                NAME,
                report.sizes(),
                speed(verdict),
                verdict.accuracy(),
                report.worstLayers(WORST_LAYERS),
                new DemoReport.Files(floatFile.toString(), int8File.toString(), reportFile.toString()));
    }

    private RangeTable calibrate(ModelQuantizer quantizer, WordPieceTokenizer tokenizer) throws IOException {
        // Sentences of one length after the other share a plan.
        List<String> sentences = MiniLmFiles.calibrationSentences().stream()
                .sorted(Comparator.comparingInt(String::length))
                .toList();
        CalibrationData.Origin origin = new CalibrationData.Origin(FileHash.sha256(floatFile), Version.current());
        try (DemoProgress.Stage stage = progress.begin("calibrating", 2 * sentences.size())) {
            return quantizer.calibrate(new SentenceSamples(tokenizer, sentences), session, origin, stage::step);
        }
    }

    private QuantizeReport report(
            ModelQuantizer quantizer, Model quantized, RangeTable ranges, WordPieceTokenizer tokenizer)
            throws IOException {
        List<String> all = MiniLmFiles.calibrationSentences();
        SentenceSamples samples = new SentenceSamples(
                tokenizer,
                IntStream.iterate(0, i -> i < all.size(), i -> i + ERROR_STRIDE)
                        .mapToObj(all::get)
                        .toList());
        List<Comparison.TensorError> errors;
        try (DemoProgress.Stage stage = progress.begin("measuring layers", samples.count())) {
            errors = LayerErrors.measure(quantizer.floatModel(), quantized, samples, session, stage::step);
        }
        Map<String, Shape> shapes = samples.inputs(0).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, input -> input.getValue().shape()));
        return new QuantizationReport(quantizer, quantized, ranges)
                .withErrors(errors)
                .withWorkload(Workload.of(
                        quantizer.floatModel().graph(), quantizer.floatModel().infer(shapes)))
                .build(NAME, new QuantizeReport.FileSizes(Files.size(floatFile), Files.size(int8File)), settings());
    }

    private static QuantizeSettings settings() {
        return new QuantizeSettings(
                OPTIONS.calibrator().name(),
                "per-channel",
                OPTIONS.activations().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                "octet",
                Map.of());
    }

    /** Runs the models as any user would: loaded from their files. */
    private Judge.Verdict judge(Model floats, WordPieceTokenizer tokenizer) {
        List<SentencePair> pairs = MiniLmFiles.pairs();
        try (Session floatSession = floats.open(session);
                Session int8Session = Model.load(int8File).open(session);
                DemoProgress.Stage stage = progress.begin("judging", Judge.steps(pairs))) {
            return Judge.judge(
                    pairs,
                    new SentenceEncoder(tokenizer, floatSession::run),
                    new SentenceEncoder(tokenizer, int8Session::run),
                    stage::step);
        }
    }

    private DemoReport.Speed speed(Judge.Verdict verdict) {
        return new DemoReport.Speed(
                "cpu", session.threads(), verdict.sentences(), verdict.floatMedianNanos(), verdict.int8MedianNanos());
    }

    private static List<Fact> facts(Judge.Verdict verdict) {
        return List.of(
                new Fact(
                        "Time a sentence",
                        DemoText.milliseconds(verdict.floatMedianNanos(), verdict.int8MedianNanos())),
                new Fact("Mean cosine", DemoText.decimals(verdict.accuracy().meanCosine())),
                new Fact(
                        "Rank correlation", DemoText.decimals(verdict.accuracy().rankCorrelation())));
    }
}
