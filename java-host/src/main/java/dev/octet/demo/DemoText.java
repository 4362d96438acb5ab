package dev.octet.demo;

import dev.octet.graph.Names;
import dev.octet.report.DemoReport;
import dev.octet.report.LayerReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The demonstration's result as lines for people. */
public final class DemoText {
    private DemoText() {}

    public static List<String> lines(DemoReport report) {
        List<String> lines = new ArrayList<>();
        DemoReport.Speed speed = report.speed();
        DemoReport.Accuracy accuracy = report.accuracy();
        lines.add(report.model() + ": float against INT8");
        lines.add(row("size", size(report.sizes().beforeBytes(), report.sizes().afterBytes())));
        lines.add(row(
                "time a sentence",
                speed(speed.floatMedianNanos(), speed.int8MedianNanos()) + "; median of " + speed.sentences()
                        + ", in turns, " + speed.threads() + " threads, " + speed.device()));
        lines.add(row(
                "embedding cosine",
                "mean " + decimals(accuracy.meanCosine()) + ", least " + decimals(accuracy.leastCosine())));
        lines.add(row(
                "rank correlation",
                decimals(accuracy.rankCorrelation()) + " between the similarities of " + accuracy.pairs()
                        + " sentence pairs in float and in INT8"));
        lines.add(row(
                "against people",
                "float " + decimals(accuracy.floatGradeCorrelation()) + ", INT8 "
                        + decimals(accuracy.int8GradeCorrelation()) + ": rank correlation with our grades"));
        lines.add("worst INT8 layers by SQNR");
        for (LayerReport layer : report.worstLayers()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %7.2f dB  %s (%s, %s)",
                    layer.sqnrDb().orElse(Double.NaN),
                    Names.escape(layer.node()),
                    layer.op(),
                    layer.precision().label()));
        }
        lines.add(row("Q/DQ model", report.files().int8Model()));
        lines.add(row("report", report.files().report()));
        return lines;
    }

    private static String row(String label, String text) {
        return String.format(Locale.ROOT, "  %-17s %s", label, text);
    }

    private static String size(long beforeBytes, long afterBytes) {
        return String.format(
                Locale.ROOT,
                "%.1f MB -> %.1f MB (%.2f times smaller)",
                beforeBytes / 1e6,
                afterBytes / 1e6,
                (double) beforeBytes / afterBytes);
    }

    static String speed(long floatNanos, long int8Nanos) {
        return String.format(
                Locale.ROOT,
                "%.2f ms -> %.2f ms (%.2f times as fast)",
                floatNanos / 1e6,
                int8Nanos / 1e6,
                (double) floatNanos / int8Nanos);
    }

    static String milliseconds(long floatNanos, long int8Nanos) {
        return String.format(Locale.ROOT, "%.1f → %.1f ms", floatNanos / 1e6, int8Nanos / 1e6);
    }

    static String decimals(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
