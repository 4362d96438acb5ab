package dev.octet.report;

import dev.octet.graph.Names;
import dev.octet.report.RooflineReport.RooflineLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A roofline report as a page without scripts that needs nothing from the network. */
public final class RooflinePage {
    private RooflinePage() {}

    public static String render(RooflineReport report) {
        boolean measured =
                report.layers().stream().anyMatch(layer -> layer.achieved().isPresent());
        return HtmlReport.page(
                "roofline.ftlh",
                Map.of(
                        "title", Names.escape(report.model()),
                        "device", report.device(),
                        "precision", report.precision(),
                        "batch", Long.toString(report.batch()),
                        "cards", cards(report),
                        "roofs", report.roofs().stream().map(RooflinePage::roof).toList(),
                        "chart", new RooflineChart(report).model(),
                        "measured", measured,
                        "layers",
                                report.layers().stream()
                                        .map(layer -> row(layer, measured))
                                        .toList()));
    }

    private static List<Map<String, String>> cards(RooflineReport report) {
        return List.of(
                card("MACs", format("%.1f M", report.macs() / 1e6)),
                card("parameters", format("%.2f M", report.parameters() / 1e6)),
                card("bytes moved", format("%.2f MB", report.bytes() / 1e6)),
                card("at best", format("%.1f us", report.attainableSeconds() * 1e6)),
                card("memory", format("%.0f GB/s", report.bandwidthGBs())));
    }

    private static Map<String, String> card(String label, String value) {
        return Map.of("label", label, "value", value);
    }

    private static String roof(RooflineReport.Roof roof) {
        return roof.unit() + ": " + roof.derivation() + format(", ridge at %.1f ops/byte", roof.ridgePoint());
    }

    private static List<String> row(RooflineLayer layer, boolean measured) {
        List<String> row = new ArrayList<>(List.of(
                Names.escape(layer.node()),
                layer.kindAndFused(),
                layer.output(),
                format("%.3f", layer.macs() / 1e6),
                Long.toString(layer.parameters()),
                format("%.1f", layer.bytes() / 1e3),
                format("%.2f", layer.operationalIntensity()),
                layer.unit(),
                layer.bound(),
                format("%.3f", layer.attainableTops()),
                format("%.3f", layer.attainableSeconds() * 1e6)));
        if (measured) {
            row.add(layer.achieved()
                    .map(real -> format("%.3f", real.seconds() * 1e6))
                    .orElse("-"));
            row.add(layer.achieved()
                    .map(real -> format("%.0f%%", 100 * real.share()))
                    .orElse("-"));
        }
        return row;
    }

    private static String format(String pattern, Object value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
