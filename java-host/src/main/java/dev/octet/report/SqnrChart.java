package dev.octet.report;

import dev.octet.graph.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The SQNR of every measured layer in the model's order as the geometry of an SVG of bars. */
final class SqnrChart {
    static final int WIDTH = 1000;
    static final int HEIGHT = 220;
    private static final double LEFT = 44;
    private static final double TOP = 10;
    private static final double BOTTOM = 200;
    private static final int STEP_DB = 10;
    private static final double LEAST_TOP_DB = 40;

    /** Beyond fp32's own rounding noise of some 140 dB nothing is to be seen, and beyond this little of interest. */
    private static final double MOST_TOP_DB = 80;

    private final List<LayerReport> layers;
    private final double topDb;

    SqnrChart(List<LayerReport> all) {
        this.layers = all.stream().filter(layer -> layer.sqnrDb().isPresent()).toList();
        this.topDb = topDb(all);
    }

    /** The decibels of a full bar: the best finite value, but 40 at least and 80 at most. */
    static double topDb(List<LayerReport> layers) {
        double best = layers.stream()
                .mapToDouble(layer -> layer.sqnrDb().orElse(0))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        return Math.clamp(Math.ceil(best / 10) * 10, LEAST_TOP_DB, MOST_TOP_DB);
    }

    /** The length of a bar as a share of the full one; none for what is below 0 dB or no number. */
    static double share(double sqnrDb, double topDb) {
        return Double.isNaN(sqnrDb) ? 0 : Math.clamp(sqnrDb / topDb, 0, 1);
    }

    /** What the template shows of it. */
    Map<String, Object> model() {
        return Map.of("width", WIDTH, "height", HEIGHT, "left", LEFT, "bars", bars(), "lines", lines());
    }

    private List<Map<String, Object>> bars() {
        List<Map<String, Object>> bars = new ArrayList<>();
        double step = (WIDTH - LEFT) / Math.max(1, layers.size());
        double gap = Math.min(2, step * 0.2);
        for (int i = 0; i < layers.size(); i++) {
            LayerReport layer = layers.get(i);
            double sqnrDb = layer.sqnrDb().orElseThrow();
            double height = Math.max(1, (BOTTOM - TOP) * share(sqnrDb, topDb));
            bars.add(Map.of(
                    "x", NumberText.coordinate(LEFT + i * step + gap / 2),
                    "y", NumberText.coordinate(BOTTOM - height),
                    "width", NumberText.coordinate(Math.min(40, step - gap)),
                    "height", NumberText.coordinate(height),
                    "precision", layer.precision().label(),
                    "title",
                            Names.escape(layer.node()) + " (" + Names.escape(layer.op()) + ", "
                                    + layer.precision().label() + "): " + NumberText.decibels(sqnrDb)));
        }
        return bars;
    }

    private List<Map<String, Object>> lines() {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (int db = 0; db <= topDb; db += STEP_DB) {
            double y = BOTTOM - (BOTTOM - TOP) * db / topDb;
            lines.add(Map.of("y", NumberText.coordinate(y), "label", db + " dB"));
        }
        return lines;
    }
}
