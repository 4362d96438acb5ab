package dev.octet.cli;

import dev.octet.DatasetSamples;
import dev.octet.LayerErrors;
import dev.octet.Model;
import dev.octet.ModelQuantizer;
import dev.octet.QuantizationReport;
import dev.octet.QuantizeOptions;
import dev.octet.Version;
import dev.octet.analysis.Workload;
import dev.octet.calib.CalibrationData;
import dev.octet.calib.RangeFile;
import dev.octet.calib.RangeTable;
import dev.octet.data.Dataset;
import dev.octet.io.AtomicFile;
import dev.octet.io.FileHash;
import dev.octet.io.OutputFiles;
import dev.octet.onnx.OnnxWriter;
import dev.octet.report.QuantizeReport;
import dev.octet.report.QuantizeSettings;
import dev.octet.report.ReportFiles;
import dev.octet.tensor.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** Quantizes a float model to Q/DQ ONNX. */
final class QuantizeCommand implements Command {
    /** Layer errors are measured on this many samples: enough for a stable SQNR, short next to calibration. */
    private static final int ERROR_SAMPLES = 8;

    @Override
    public String name() {
        return "quantize";
    }

    @Override
    public String summary() {
        return "calibrate a float model and write it as Q/DQ ONNX";
    }

    @Override
    public List<String> arguments() {
        return List.of("MODEL");
    }

    @Override
    public Options options() {
        Options options = DataArguments.add(RunOptions.device(RunOptions.json(new Options())));
        QuantizeArguments.add(options);
        return options;
    }

    @Override
    public ExitCode run(Invocation invocation) throws IOException {
        Path source = invocation.pathArgument(0);
        Path target = invocation.requiredPath("output");
        QuantizeOptions options = QuantizeArguments.read(invocation);
        checkOutputs(invocation);
        Model model = RunOptions.load(invocation, source);
        ModelQuantizer quantizer = new ModelQuantizer(model, options);
        Optional<Dataset> dataset =
                invocation.has("data") ? Optional.of(DataArguments.open(invocation, model.inputs())) : Optional.empty();
        RangeTable ranges = ranges(invocation, quantizer, dataset, source);
        Model quantized = quantizer.quantize(ranges);
        QuantizationReport report = new QuantizationReport(quantizer, quantized, ranges);
        if (dataset.isPresent()) {
            report.withErrors(errors(invocation, quantizer, quantized, dataset.get()));
        }
        report.withWorkload(Workload.of(
                quantizer.floatModel().graph(),
                quantizer.floatModel().infer(SizedModel.inputShapes(model.graph(), 1))));
        QuantizeReport result;
        try (OutputFiles files = new OutputFiles()) {
            long beforeBytes = Files.size(source);
            OnnxWriter.write(quantized.graph(), target, OnnxWriter.Weights.AUTO, files);
            result = report.build(
                    source.getFileName().toString(),
                    new QuantizeReport.FileSizes(beforeBytes, files.sizeBytes()),
                    settings(invocation, options));
            writeBeside(invocation, ranges, result, files);
            files.commit();
        }
        print(invocation, result, target);
        return ExitCode.OK;
    }

    /** Calibration takes long: what cannot be written is better known before. */
    private static void checkOutputs(Invocation invocation) throws IOException {
        for (String option : List.of("output", "save-ranges", "report")) {
            if (invocation.has(option)) {
                AtomicFile.check(invocation.requiredPath(option));
                InputsKept.require(invocation.requiredPath(option), keptInputs(invocation, option));
            }
        }
        if (invocation.has("report")) {
            ReportFiles.check(invocation.requiredPath("report"));
        }
    }

    /** The Q/DQ model may replace the float one, and new ranges the old ones. */
    private static List<Path> keptInputs(Invocation invocation, String output) {
        List<Path> kept = new ArrayList<>();
        if (!output.equals("output")) {
            kept.add(invocation.pathArgument(0));
        }
        if (invocation.has("ranges") && !output.equals("save-ranges")) {
            kept.add(invocation.requiredPath("ranges"));
        }
        return kept;
    }

    private static void writeBeside(Invocation invocation, RangeTable ranges, QuantizeReport report, OutputFiles files)
            throws IOException {
        if (invocation.has("save-ranges")) {
            Path path = invocation.requiredPath("save-ranges");
            files.write(path, RangeFile.format(path, ranges));
        }
        if (invocation.has("report")) {
            Path path = invocation.requiredPath("report");
            files.write(path, ReportFiles.format(report, path));
        }
    }

    private static RangeTable ranges(
            Invocation invocation, ModelQuantizer quantizer, Optional<Dataset> dataset, Path source)
            throws IOException {
        if (invocation.has("ranges")) {
            return readRanges(invocation, source);
        }
        Dataset samples = dataset.orElseThrow(
                () -> new ConfigException("calibration needs data: give --data, or --ranges from an earlier run"));
        RunOptions.remarkDevice(invocation);
        CalibrationData.Origin origin = new CalibrationData.Origin(FileHash.sha256(source), Version.current());
        try (Progress progress = invocation.console().progress("calibrating", 2 * samples.size())) {
            return quantizer.calibrate(
                    new DatasetSamples(samples, samples.size()),
                    RunOptions.session(invocation),
                    origin,
                    progress::step);
        }
    }

    /** Ranges of another model are taken, since a model may be saved anew, but not without a word. */
    private static RangeTable readRanges(Invocation invocation, Path source) throws IOException {
        Path file = invocation.requiredPath("ranges");
        RangeTable ranges = RangeFile.read(file);
        String model =
                ranges.provenance().map(RangeTable.Provenance::modelSha256).orElse("");
        if (!model.isEmpty() && !model.equals(FileHash.sha256(source))) {
            invocation
                    .console()
                    .remark(file + " was calibrated for another model (SHA-256 " + model
                            + "); its ranges fit only if the activations do");
        }
        return ranges;
    }

    private static List<dev.octet.analysis.Comparison.TensorError> errors(
            Invocation invocation, ModelQuantizer quantizer, Model quantized, Dataset dataset) {
        DatasetSamples samples = new DatasetSamples(dataset, Math.min(ERROR_SAMPLES, dataset.size()));
        try (Progress progress = invocation.console().progress("measuring layers", samples.count())) {
            return LayerErrors.measure(
                    quantizer.floatModel(), quantized, samples, RunOptions.session(invocation), progress::step);
        }
    }

    private static QuantizeSettings settings(Invocation invocation, QuantizeOptions options) {
        Map<String, String> more = new LinkedHashMap<>();
        more.put("bias correction", options.correctBias() ? "on" : "off");
        options.rules()
                .forEach(rule ->
                        more.put(rule.precision().name().toLowerCase(Locale.ROOT) + " " + rule.nodes(), "as asked"));
        return new QuantizeSettings(
                options.calibrator().name(),
                invocation.value("weights", QuantizeArguments.PER_CHANNEL),
                options.activations().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                invocation.value("for", QuantizeArguments.OCTET),
                more);
    }

    private static void print(Invocation invocation, QuantizeReport report, Path target) {
        if (RunOptions.printedJson(invocation, report)) {
            return;
        }
        Console console = invocation.console();
        console.result(String.format(
                Locale.ROOT,
                "%s: %d of %d layers in INT8 (%.1f %% of MACs), %d -> %d bytes",
                target,
                report.int8Nodes(),
                report.layers().size(),
                100.0 * report.int8Macs() / Math.max(1, report.macs()),
                report.sizes().beforeBytes(),
                report.sizes().afterBytes()));
        report.worstLayers(5)
                .forEach(layer -> console.result(String.format(
                        Locale.ROOT,
                        "  SQNR %6.2f dB  %s (%s)",
                        layer.sqnrDb().orElseThrow(),
                        dev.octet.graph.Names.escape(layer.node()),
                        layer.op())));
        report.warnings().forEach(console::note);
    }
}
