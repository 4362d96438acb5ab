package dev.octet.report;

import dev.octet.graph.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A quantization as the texts and lengths that the page's template shows. Nothing in it is escaped for HTML. */
final class PageModel {
    private static final int WORST_LAYERS = 5;

    private final QuantizeReport report;
    private final double topDb;

    PageModel(QuantizeReport report) {
        this.report = report;
        this.topDb = SqnrChart.topDb(report.layers());
    }

    Map<String, Object> model() {
        Map<String, Object> model = new HashMap<>();
        model.put("model", Names.escape(report.model()));
        model.put("settings", settings());
        model.put("provenance", provenance());
        model.put("cards", cards());
        model.put("warnings", report.warnings());
        model.put(
                "worst",
                report.worstLayers(WORST_LAYERS).stream().map(this::layer).toList());
        model.put("layers", report.layers().stream().map(this::layer).toList());
        model.put("reasons", reasons());
        model.put("chart", new SqnrChart(report.layers()).model());
        model.put(
                "activations",
                report.activations().stream().map(PageModel::activation).toList());
        model.put("histogramWidth", HistogramChart.WIDTH);
        model.put("histogramHeight", HistogramChart.HEIGHT);
        return model;
    }

    private List<Map<String, String>> settings() {
        QuantizeSettings settings = report.settings();
        List<Map<String, String>> rows = new ArrayList<>();
        rows.add(pair("calibrator", settings.calibrator()));
        rows.add(pair("weights", settings.weights()));
        rows.add(pair("activations", settings.activations()));
        rows.add(pair("for", settings.target()));
        settings.options().forEach((name, value) -> rows.add(pair(name, value)));
        return rows;
    }

    private List<Map<String, String>> provenance() {
        Provenance provenance = report.provenance();
        return List.of(
                pair("Octet", provenance.octetVersion()),
                pair("model hash", provenance.modelHash()),
                pair("data hash", provenance.dataHash()),
                pair("samples", Long.toString(provenance.samples())));
    }

    private List<Map<String, String>> cards() {
        List<Map<String, String>> cards = new ArrayList<>();
        long before = report.sizes().beforeBytes();
        long after = report.sizes().afterBytes();
        String size = NumberText.bytes(before) + " → " + NumberText.bytes(after);
        cards.add(card("File size", size, NumberText.ratio((double) before / Math.max(1, after)) + " times smaller"));
        int nodes = report.layers().size();
        double share = nodes == 0 ? 0 : (double) report.int8Nodes() / nodes;
        cards.add(card("Nodes in INT8", NumberText.percent(share), report.int8Nodes() + " of " + nodes));
        if (report.macs() > 0) {
            String macs = NumberText.count(report.int8Macs()) + " of " + NumberText.count(report.macs());
            cards.add(card("MACs in INT8", NumberText.percent((double) report.int8Macs() / report.macs()), macs));
        }
        report.worstLayers(1)
                .forEach(worst -> cards.add(card(
                        "Lowest SQNR", NumberText.decibels(worst.sqnrDb().orElseThrow()), Names.escape(worst.node()))));
        report.facts().forEach(fact -> cards.add(card(fact.label(), fact.value(), "")));
        return cards;
    }

    private List<Map<String, String>> reasons() {
        Map<String, Long> counts = report.layers().stream()
                .filter(layer -> layer.precision() != LayerPrecision.INT8)
                .collect(Collectors.groupingBy(
                        layer -> layer.op() + ": " + layer.reason().orElse(""),
                        LinkedHashMap::new,
                        Collectors.counting()));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .map(entry -> pair(entry.getValue().toString(), Names.escape(entry.getKey())))
                .toList();
    }

    private Map<String, Object> layer(LayerReport layer) {
        Map<String, Object> row = new HashMap<>();
        row.put("node", Names.escape(layer.node()));
        row.put("op", Names.escape(layer.op()));
        row.put("precision", layer.precision().label());
        row.put("reason", Names.escape(layer.reason().orElse("")));
        row.put(
                "sqnr",
                layer.sqnrDb().isPresent() ? NumberText.decibels(layer.sqnrDb().getAsDouble()) : "");
        row.put("sqnrSort", sortKey(layer.sqnrDb().orElse(Double.MAX_VALUE)));
        row.put(
                "sqnrPercent",
                NumberText.coordinate(100 * SqnrChart.share(layer.sqnrDb().orElse(0), topDb)));
        row.put("macs", layer.macs().isPresent() ? NumberText.count(layer.macs().getAsLong()) : "");
        row.put("macsSort", Long.toString(layer.macs().orElse(-1)));
        row.put("output", layer.output().map(PageModel::output).orElse(""));
        row.put("weights", layer.weights().map(PageModel::weights).orElse(""));
        return row;
    }

    private static String sortKey(double sqnrDb) {
        return Double.isNaN(sqnrDb)
                ? "-1e9"
                : Double.toString(Math.clamp(sqnrDb, -1e8, sqnrDb == Double.MAX_VALUE ? 1e9 : 1e8));
    }

    private static String output(LayerReport.OutputQuantization output) {
        return "[" + NumberText.plain(output.amin()) + ", " + NumberText.plain(output.amax()) + "] " + output.dtype()
                + ", scale " + NumberText.plain(output.scale()) + ", zero point " + output.zeroPoint();
    }

    private static String weights(LayerReport.WeightQuantization weights) {
        return weights.scales() == 1
                ? weights.granularity() + ", scale " + NumberText.plain(weights.maxScale())
                : weights.granularity() + ", " + weights.scales() + " scales " + NumberText.plain(weights.minScale())
                        + " … " + NumberText.plain(weights.maxScale());
    }

    private static Map<String, Object> activation(ActivationReport activation) {
        Map<String, Object> model = new HistogramChart(activation).model();
        model.put("tensor", Names.escape(activation.tensor()));
        model.put("amin", NumberText.plain(activation.observed().amin()));
        model.put("amax", NumberText.plain(activation.observed().amax()));
        model.put("chosenMin", NumberText.plain(activation.chosen().amin()));
        model.put("chosenMax", NumberText.plain(activation.chosen().amax()));
        model.put("clipped", NumberText.percent(activation.clippedShare()));
        model.put("absolute", activation.histogram().absolute());
        return model;
    }

    private static Map<String, String> pair(String name, String value) {
        return Map.of("name", name, "value", value);
    }

    private static Map<String, String> card(String label, String value, String note) {
        return Map.of("label", label, "value", value, "note", note);
    }
}
