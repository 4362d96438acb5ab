package dev.octet.report;

import dev.octet.graph.Names;
import java.util.List;

/** A quantization as Markdown: the summary, the worst layers, and every layer that is not INT8 with its reason. */
public final class MarkdownReport {
    private static final int WORST_LAYERS = 10;

    private final StringBuilder text = new StringBuilder();

    private MarkdownReport() {}

    public static String render(QuantizeReport report) {
        MarkdownReport markdown = new MarkdownReport();
        markdown.summary(report);
        markdown.worst(report);
        markdown.wider(report);
        return markdown.text.toString();
    }

    private void summary(QuantizeReport report) {
        text.append("# ").append(escape(report.model())).append(": INT8 quantization\n\n");
        report.warnings()
                .forEach(warning ->
                        text.append("> **Note:** ").append(escape(warning)).append("\n\n"));
        header("", "");
        QuantizeReport.FileSizes sizes = report.sizes();
        row("file size", NumberText.bytes(sizes.beforeBytes()) + " → " + NumberText.bytes(sizes.afterBytes()));
        row("nodes in INT8", report.int8Nodes() + " of " + report.layers().size());
        if (report.macs() > 0) {
            row("MACs in INT8", NumberText.percent((double) report.int8Macs() / report.macs()));
        }
        QuantizeSettings settings = report.settings();
        row("calibrator", settings.calibrator());
        row("weights", settings.weights());
        row("activations", settings.activations());
        row("for", settings.target());
        settings.options().forEach((name, value) -> row(name, value));
        row("calibration samples", Long.toString(report.provenance().samples()));
        report.facts().forEach(fact -> row(fact.label(), fact.value()));
    }

    private void worst(QuantizeReport report) {
        List<LayerReport> worst = report.worstLayers(WORST_LAYERS);
        if (worst.isEmpty()) {
            return;
        }
        text.append("\n## Worst layers\n\n");
        header("node", "operator", "runs in", "SQNR");
        worst.forEach(layer -> row(
                layer.node(),
                layer.op(),
                layer.precision().label(),
                NumberText.decibels(layer.sqnrDb().orElseThrow())));
    }

    private void wider(QuantizeReport report) {
        List<LayerReport> wider = report.layers().stream()
                .filter(layer -> layer.precision() != LayerPrecision.INT8)
                .toList();
        if (wider.isEmpty()) {
            return;
        }
        text.append("\n## Not INT8\n\n");
        header("node", "operator", "runs in", "why");
        wider.forEach(layer -> row(
                layer.node(),
                layer.op(),
                layer.precision().label(),
                layer.reason().orElse("")));
    }

    private void header(String... titles) {
        row(titles);
        text.append("|---".repeat(titles.length)).append("|\n");
    }

    private void row(String... cells) {
        for (String cell : cells) {
            text.append("| ").append(escape(cell)).append(' ');
        }
        text.append("|\n");
    }

    /** Text that Markdown shows as it is, also inside a table, and that brings no HTML with it. */
    static String escape(String raw) {
        StringBuilder escaped = new StringBuilder();
        for (char c : Names.escape(raw).toCharArray()) {
            if (c == '<') {
                escaped.append("&lt;");
            } else if (c == '&') {
                escaped.append("&amp;");
            } else {
                if ("\\`*_[]|#~".indexOf(c) >= 0) {
                    escaped.append('\\');
                }
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
