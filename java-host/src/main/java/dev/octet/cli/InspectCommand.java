package dev.octet.cli;

import dev.octet.Model;
import dev.octet.analysis.LayerWorkload;
import dev.octet.analysis.Workload;
import dev.octet.graph.Names;
import dev.octet.graph.ValueInfo;
import dev.octet.report.InspectReport;
import dev.octet.report.InspectReport.LayerCost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import org.apache.commons.cli.Options;

/** What a model consists of and what each layer costs. */
final class InspectCommand implements ModelCommand {
    @Override
    public String name() {
        return "inspect";
    }

    @Override
    public String summary() {
        return "nodes, shapes, parameters, MACs, bytes moved, operational intensity, precision";
    }

    @Override
    public Options more(Options options) {
        return options.addOption(SizedModel.batchOption());
    }

    @Override
    public ExitCode run(Invocation invocation) throws IOException {
        Path path = invocation.pathArgument(0);
        SizedModel sized = SizedModel.load(invocation, path);
        Model model = sized.model();
        Workload workload = Workload.of(model.graph(), sized.types());
        InspectReport report = new InspectReport(
                path.toString(),
                Files.size(path),
                model.inputs().stream().map(InspectCommand::describe).toList(),
                model.outputs().stream().map(InspectCommand::describe).toList(),
                workload.parameters(),
                workload.layers().stream().map(InspectCommand::cost).toList());
        if (!RunOptions.printedJson(invocation, report)) {
            print(invocation.console(), report, workload);
        }
        return ExitCode.OK;
    }

    private static String describe(ValueInfo value) {
        return value.name() + " " + value.describeType();
    }

    private static LayerCost cost(LayerWorkload layer) {
        return new LayerCost(
                layer.node(),
                layer.op(),
                layer.output(),
                layer.precision(),
                layer.parameters(),
                OptionalLong.of(layer.macs()),
                OptionalLong.of(layer.readBytes() + layer.writtenBytes()));
    }

    private static void print(Console console, InspectReport report, Workload workload) {
        console.result(report.model() + ": " + report.sizeBytes() + " bytes");
        report.inputs().forEach(input -> console.result("  input  " + input));
        report.outputs().forEach(output -> console.result("  output " + output));
        console.result(String.format(
                Locale.ROOT,
                "%d nodes, %.2f M parameters, %.1f M MACs",
                report.nodes(),
                report.parameters() / 1e6,
                report.macs() / 1e6));
        console.result(String.format(
                Locale.ROOT,
                "%-44s %-18s %-24s %-5s %10s %12s %12s %8s",
                "node",
                "operator",
                "output",
                "type",
                "parameters",
                "MACs",
                "bytes",
                "ops/byte"));
        for (LayerWorkload layer : workload.layers()) {
            console.result(String.format(
                    Locale.ROOT,
                    "%-44s %-18s %-24s %-5s %10d %12d %12d %8.2f",
                    Names.escape(layer.node()),
                    layer.op(),
                    layer.output(),
                    layer.precision(),
                    layer.parameters(),
                    layer.macs(),
                    layer.readBytes() + layer.writtenBytes(),
                    layer.operationalIntensity()));
        }
    }
}
