package dev.octet.report;

import dev.octet.graph.Names;
import dev.octet.report.RooflineReport.RooflineLayer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The roofs and the layers under them as the geometry of an SVG, both axes logarithmic. */
final class RooflineChart {
    static final int WIDTH = 1000;
    static final int HEIGHT = 460;
    private static final double LEFT = 70;
    private static final double RIGHT = 975;
    private static final double TOP = 30;
    private static final double BOTTOM = 410;

    private static final double SMALLEST_RADIUS = 3;
    private static final double LARGEST_RADIUS = 9;

    /** From a roof to its label: points on the roof do not reach it. */
    private static final double LABEL_GAP = LARGEST_RADIUS + 5;

    private static final double LABEL_HEIGHT = 12;

    private final RooflineReport report;
    private final List<RooflineLayer> computing;
    private final int fromX;
    private final int toX;
    private final int fromY;
    private final int toY;

    RooflineChart(RooflineReport report) {
        this.report = report;
        this.computing = report.layers().stream()
                .filter(layer -> layer.operationalIntensity() > 0)
                .toList();
        double least = least(computing);
        double most = computing.stream()
                .mapToDouble(RooflineLayer::operationalIntensity)
                .max()
                .orElse(1);
        double ridge = report.roofs().stream()
                .mapToDouble(RooflineReport.Roof::ridgePoint)
                .max()
                .orElse(1);
        double highest = report.roofs().stream()
                .mapToDouble(RooflineReport.Roof::tops)
                .max()
                .orElse(1);
        fromX = decade(least);
        toX = decade(Math.max(most, ridge)) + 1;
        double slowest = computing.stream()
                .flatMap(layer -> layer.achieved().stream())
                .mapToDouble(RooflineReport.Achieved::tops)
                .min()
                .orElse(Double.MAX_VALUE);
        fromY = decade(Math.min(slowest, least * report.bandwidthGBs() / 1e3));
        toY = decade(highest) + 1;
    }

    private static double least(List<RooflineLayer> layers) {
        return layers.stream()
                .mapToDouble(RooflineLayer::operationalIntensity)
                .min()
                .orElse(1);
    }

    private static int decade(double value) {
        return (int) Math.floor(Math.log10(value));
    }

    Map<String, Object> model() {
        return Map.of(
                "width", WIDTH,
                "height", HEIGHT,
                "left", LEFT,
                "right", RIGHT,
                "top", TOP,
                "bottom", BOTTOM,
                "xTicks", ticks(fromX, toX, true),
                "yTicks", ticks(fromY, toY, false),
                "roofs", roofs(),
                "points", points());
    }

    private List<Map<String, Object>> ticks(int from, int to, boolean horizontal) {
        List<Map<String, Object>> ticks = new ArrayList<>();
        for (int exponent = from; exponent <= to; exponent++) {
            double value = Math.pow(10, exponent);
            ticks.add(Map.of("at", round(horizontal ? x(value) : y(value)), "label", plain(value)));
        }
        return ticks;
    }

    private static String plain(double value) {
        return value >= 1
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%." + Math.round(-Math.log10(value)) + "f", value);
    }

    private List<Map<String, Object>> roofs() {
        List<Map<String, Object>> roofs = new ArrayList<>();
        double above = Double.POSITIVE_INFINITY;
        for (RooflineReport.Roof roof : report.roofs().reversed()) {
            double y = y(roof.tops());
            double start = Math.pow(10, Math.max(fromX, fromY - Math.log10(report.bandwidthGBs() / 1e3)));
            boolean below = y - above < LABEL_HEIGHT + 2 * LABEL_GAP && above < y;
            roofs.add(Map.of(
                    "path",
                    String.format(
                            Locale.ROOT,
                            "M%.1f %.1f L%.1f %.1f L%.1f %.1f",
                            x(start),
                            y(start * report.bandwidthGBs() / 1e3),
                            x(roof.ridgePoint()),
                            y,
                            RIGHT,
                            y),
                    "y",
                    round(below ? y + LABEL_GAP + LABEL_HEIGHT : y - LABEL_GAP),
                    "label",
                    String.format(Locale.ROOT, "%s %.3g TOPS", roof.unit(), roof.tops())));
            above = y;
        }
        return roofs;
    }

    /** Layers that lie on one another share a point, which names them all. */
    private List<Map<String, Object>> points() {
        double most = report.layers().stream()
                .mapToDouble(RooflineLayer::attainableSeconds)
                .max()
                .orElse(1);
        Map<List<Long>, List<RooflineLayer>> places = new LinkedHashMap<>();
        for (RooflineLayer layer : computing) {
            List<Long> place = List.of(Math.round(x(layer.operationalIntensity())), Math.round(y(tops(layer))));
            places.computeIfAbsent(place, _ -> new ArrayList<>()).add(layer);
        }
        return places.values().stream().map(layers -> point(layers, most)).toList();
    }

    private static double tops(RooflineLayer layer) {
        return layer.achieved().map(RooflineReport.Achieved::tops).orElse(layer.attainableTops());
    }

    /** A point whose area grows with its longest layer's share of the time. */
    private Map<String, Object> point(List<RooflineLayer> layers, double mostSeconds) {
        RooflineLayer first = layers.getFirst();
        double seconds = layers.stream()
                .mapToDouble(RooflineLayer::attainableSeconds)
                .max()
                .orElseThrow();
        return Map.of(
                "x", round(x(first.operationalIntensity())),
                "y", round(y(tops(first))),
                "roofY", round(y(first.attainableTops())),
                "radius",
                        round(SMALLEST_RADIUS + (LARGEST_RADIUS - SMALLEST_RADIUS) * Math.sqrt(seconds / mostSeconds)),
                "bound", first.bound(),
                "title", layers.stream().map(RooflineChart::title).collect(Collectors.joining("\n\n")));
    }

    private static String title(RooflineLayer layer) {
        String bound = String.format(
                Locale.ROOT,
                "%s (%s)%s%n%s bound, %.2f ops/byte, at most %.3g TOPS, %.3g us",
                Names.escape(layer.node()),
                layer.kind(),
                layer.fused().stream().map(name -> " + " + Names.escape(name)).collect(Collectors.joining()),
                layer.bound(),
                layer.operationalIntensity(),
                layer.attainableTops(),
                layer.attainableSeconds() * 1e6);
        return layer.achieved()
                .map(real -> bound
                        + String.format(
                                Locale.ROOT,
                                "%nachieved %.3g TOPS, %.3g us, %.0f%% of that",
                                real.tops(),
                                real.seconds() * 1e6,
                                100 * real.share()))
                .orElse(bound);
    }

    private double x(double intensity) {
        return LEFT + (Math.log10(intensity) - fromX) / (toX - fromX) * (RIGHT - LEFT);
    }

    private double y(double tops) {
        return BOTTOM - (Math.log10(tops) - fromY) / (toY - fromY) * (BOTTOM - TOP);
    }

    private static double round(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
