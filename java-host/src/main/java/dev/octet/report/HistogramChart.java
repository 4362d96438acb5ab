package dev.octet.report;

import dev.octet.quant.QuantRange;
import java.util.HashMap;
import java.util.Map;

/**
 * An activation's histogram as the geometry of a small SVG: counts on a logarithmic scale, the chosen range as a band,
 * the observed range as ticks. Bins are added up to at most 128 columns.
 */
final class HistogramChart {
    static final int WIDTH = 320;
    static final int HEIGHT = 96;
    private static final int COLUMNS = 128;
    private static final double TOP = 4;

    private final ActivationReport.BinCounts bins;
    private final QuantRange observed;
    private final QuantRange chosen;
    private final double low;
    private final double high;

    HistogramChart(ActivationReport activation) {
        this.bins = activation.histogram();
        this.observed = bins.onAxis(activation.observed());
        this.chosen = bins.onAxis(activation.chosen());
        this.low = Math.min(bins.low(), Math.min(observed.amin(), chosen.amin()));
        double top = Math.max(bins.high(), Math.max(observed.amax(), chosen.amax()));
        this.high = top > low ? top : low + 1;
    }

    /** What the template shows of it. */
    Map<String, Object> model() {
        Map<String, Object> model = new HashMap<>();
        model.put("path", path());
        model.put("chosenX", NumberText.coordinate(x(chosen.amin())));
        model.put("chosenWidth", NumberText.coordinate(x(chosen.amax()) - x(chosen.amin())));
        model.put("chosenEndX", NumberText.coordinate(x(chosen.amax())));
        model.put("observedX", NumberText.coordinate(x(observed.amin())));
        model.put("observedEndX", NumberText.coordinate(x(observed.amax())));
        model.put("low", NumberText.plain(low));
        model.put("high", NumberText.plain(high));
        return model;
    }

    private String path() {
        double[] columns = columns();
        double most = 0;
        for (double column : columns) {
            most = Math.max(most, column);
        }
        StringBuilder path = new StringBuilder();
        double width = (x(bins.high()) - x(bins.low())) / columns.length;
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] > 0) {
                String height = NumberText.coordinate((HEIGHT - TOP) * Math.log1p(columns[i]) / Math.log1p(most));
                path.append('M').append(NumberText.coordinate(x(bins.low()) + i * width));
                path.append(' ').append(HEIGHT);
                path.append("v-").append(height);
                path.append('h').append(NumberText.coordinate(width));
                path.append('v').append(height).append('z');
            }
        }
        return path.toString();
    }

    private double[] columns() {
        long[] counts = bins.counts();
        double[] columns = new double[Math.min(COLUMNS, counts.length)];
        for (int bin = 0; bin < counts.length; bin++) {
            columns[(int) ((long) bin * columns.length / counts.length)] += counts[bin];
        }
        return columns;
    }

    private double x(double value) {
        return WIDTH * (value - low) / (high - low);
    }
}
