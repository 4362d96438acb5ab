package dev.octet.cli;

import dev.octet.Model;
import dev.octet.analysis.Classification;
import dev.octet.data.Batch;
import dev.octet.data.Dataset;
import dev.octet.graph.ModelException;
import dev.octet.report.EvalReport;
import dev.octet.runtime.Session;
import dev.octet.tensor.InputException;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.apache.commons.cli.Options;

/** A classifier's accuracy on labelled data. */
final class EvalCommand implements Command {
    private static final long MAX_BATCH = 4096;

    @Override
    public String name() {
        return "eval";
    }

    @Override
    public String summary() {
        return "top-1 and top-5 accuracy on labelled data, with its standard error";
    }

    @Override
    public List<String> arguments() {
        return List.of("MODEL");
    }

    @Override
    public Options options() {
        return DataArguments.add(RunOptions.device(RunOptions.json(new Options())))
                .addOption(RunOptions.valued("batch", "N", "samples a run; default 1"));
    }

    @Override
    public ExitCode run(Invocation invocation) {
        Model model = RunOptions.load(invocation, 0);
        Dataset dataset = DataArguments.open(invocation, model.inputs());
        int batch = (int) invocation.integer("batch", 1, 1, MAX_BATCH);
        Classification classification = new Classification();
        String device;
        try (Session session = RunOptions.open(invocation, model);
                Progress progress = invocation.console().progress("evaluating", dataset.size())) {
            device = session.deviceReason();
            for (Batch samples : dataset.batches(batch)) {
                Tensor scores =
                        session.run(samples.inputs()).get(model.outputs().get(0).name());
                if (scores == null) {
                    throw new IllegalStateException("the first output is missing");
                }
                add(classification, scores, samples);
                progress.advance(samples.size());
            }
        }
        Classification.Result result = classification.result();
        EvalReport report = new EvalReport(
                invocation.argument(0), device, result.top1(), result.top5(), result.count(), result.standardError());
        if (!RunOptions.printedJson(invocation, report)) {
            invocation
                    .console()
                    .result(String.format(
                            Locale.ROOT,
                            "top-1 %.2f %% (standard error %.2f), top-5 %.2f %%, %d samples",
                            report.top1(),
                            report.standardError(),
                            report.top5(),
                            report.count()));
        }
        return ExitCode.OK;
    }

    private static void add(Classification classification, Tensor scores, Batch samples) {
        int[] labels = new int[samples.size()];
        for (int i = 0; i < labels.length; i++) {
            OptionalLong label = samples.labels().get(i);
            if (label.isEmpty()) {
                throw new InputException("sample " + samples.names().get(i)
                        + " has no label to judge by; add labels.csv, labels.npy or an array \"label\"");
            }
            labels[i] = Math.clamp(label.getAsLong(), -1, Integer.MAX_VALUE);
        }
        try {
            classification.add(scores, labels);
        } catch (IllegalArgumentException e) {
            throw ModelException.data("the first output cannot be judged as class scores: " + e.getMessage());
        }
    }
}
