package dev.octet.cli;

import dev.octet.DatasetSamples;
import dev.octet.LayerErrors;
import dev.octet.Model;
import dev.octet.analysis.Comparison;
import dev.octet.data.Dataset;
import dev.octet.graph.Graph;
import dev.octet.graph.Names;
import dev.octet.graph.Node;
import dev.octet.report.CompareReport;
import dev.octet.report.CompareReport.LayerError;
import dev.octet.report.CompareReport.TensorError;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;

/** How far two models, or two runtimes of one, are apart on the same data. */
final class CompareCommand implements Command {
    private static final int WORST_SHOWN = 10;

    @Override
    public String name() {
        return "compare";
    }

    @Override
    public String summary() {
        return "outputs and layers of two models on the same data; A or B may be ort:MODEL";
    }

    @Override
    public List<String> arguments() {
        return List.of("A", "B");
    }

    @Override
    public Options options() {
        return DataArguments.add(RunOptions.device(RunOptions.json(new Options())))
                .addOption(RunOptions.flag("layers", "compare every tensor that both models compute, too"));
    }

    @Override
    public ExitCode run(Invocation invocation) {
        SessionOptions options = RunOptions.session(invocation);
        try (ComparedModel a = ComparedModel.open(invocation, 0, options);
                ComparedModel b = ComparedModel.open(invocation, 1, options)) {
            Model described = a.model()
                    .or(b::model)
                    .orElseGet(() -> RunOptions.load(invocation, ComparedModel.path(invocation.argument(0))));
            Dataset dataset = DataArguments.open(invocation, described.inputs());
            OutputComparison outputs = new OutputComparison(a, b);
            try (Progress progress = invocation.console().progress("comparing", dataset.size())) {
                for (int i = 0; i < dataset.size(); i++) {
                    outputs.add(dataset.sample(i).inputs());
                    progress.step();
                }
            }
            List<LayerError> layers = invocation.has("layers") ? layers(invocation, dataset, a, b) : List.of();
            print(
                    invocation,
                    new CompareReport(
                            invocation.argument(0),
                            invocation.argument(1),
                            outputs.samples(),
                            outputs.agreement(),
                            outputs.errors().stream()
                                    .map(CompareCommand::output)
                                    .toList(),
                            layers));
        }
        return ExitCode.OK;
    }

    private static List<LayerError> layers(
            Invocation invocation, Dataset dataset, ComparedModel first, ComparedModel second) {
        if (first.model().isEmpty() || second.model().isEmpty()) {
            invocation.console().remark("a peer shows its outputs only, so there are no layers to compare");
            return List.of();
        }
        Model a = first.model().get().canonical();
        Model b = second.model().get().canonical();
        try (Progress progress = invocation.console().progress("comparing layers", dataset.size())) {
            return LayerErrors.measure(
                            a,
                            b,
                            new DatasetSamples(dataset, dataset.size()),
                            RunOptions.session(invocation),
                            progress::step)
                    .stream()
                    .map(error -> layer(error, a.graph(), b.graph()))
                    .toList();
        }
    }

    private static TensorError output(Comparison.TensorError error) {
        return new TensorError(
                error.names().first(),
                error.metrics().sqnrDb(),
                error.metrics().cosine(),
                error.metrics().maxAbsError());
    }

    private static LayerError layer(Comparison.TensorError error, Graph a, Graph b) {
        Node node = a.producer(error.names().first()).orElseThrow();
        Optional<Float> scale = scale(b, error.names().second());
        return new LayerError(
                node.name(),
                node.op().type().name(),
                error.names().first(),
                error.metrics().sqnrDb(),
                error.metrics().cosine(),
                error.metrics().maxAbsError(),
                scale.isPresent()
                        ? OptionalDouble.of(error.metrics().maxErrorSteps(scale.get()))
                        : OptionalDouble.empty());
    }

    /** The one scale with which a graph quantizes a value, or with which it was quantized. */
    private static Optional<Float> scale(Graph graph, String value) {
        Stream<Node> readers = graph.consumers(value).stream()
                .filter(node -> node.op().type().name().equals("QuantizeLinear"))
                .filter(node -> node.input(0).equals(value));
        Stream<Node> writers = graph.producer(value).stream()
                .filter(node -> node.op().type().name().equals("DequantizeLinear"));
        return Stream.concat(readers, writers)
                .flatMap(node -> graph.constant(node.input(1)).stream())
                .filter(scales -> scales.elementCount() == 1)
                .map(Tensor::toFloats)
                .map(scales -> scales[0])
                .findFirst();
    }

    private static void print(Invocation invocation, CompareReport report) {
        if (RunOptions.printedJson(invocation, report)) {
            return;
        }
        Console console = invocation.console();
        console.result(String.format(
                Locale.ROOT,
                "%s against %s: %d samples, %.2f %% with the same greatest output",
                report.modelB(),
                report.modelA(),
                report.count(),
                100 * report.agreement()));
        console.result(String.format(
                Locale.ROOT, "%-40s %10s %12s %14s %8s", "output", "SQNR dB", "cosine", "max error", "steps"));
        report.outputs()
                .forEach(error -> console.result(row(
                        error.name(), error.sqnrDb(), error.cosine(), error.maxAbsError(), OptionalDouble.empty())));
        if (!report.layers().isEmpty()) {
            console.result(report.layers().size() + " common tensors, the worst first:");
        }
        report.layers().stream()
                .sorted(Comparator.comparingDouble(CompareCommand::rank))
                .limit(WORST_SHOWN)
                .forEach(layer -> console.result(row(
                        layer.node() + " (" + layer.op() + ")",
                        layer.sqnrDb(),
                        layer.cosine(),
                        layer.maxAbsError(),
                        layer.maxErrorSteps())));
    }

    /** What cannot be compared comes first. */
    private static double rank(LayerError layer) {
        return Double.isNaN(layer.sqnrDb()) ? Double.NEGATIVE_INFINITY : layer.sqnrDb();
    }

    private static String row(String name, double sqnrDb, double cosine, double error, OptionalDouble steps) {
        String shown = steps.isPresent() ? String.format(Locale.ROOT, "%.2f", steps.getAsDouble()) : "";
        return String.format(
                Locale.ROOT, "%-40s %10.2f %12.8f %14.6g %8s", Names.escape(name), sqnrDb, cosine, error, shown);
    }
}
