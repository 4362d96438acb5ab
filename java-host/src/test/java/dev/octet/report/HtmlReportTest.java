package dev.octet.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.quant.QuantRange;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
    private static final String HOSTILE = "</td><script>alert(1)</script>\"'><img src=x onerror=alert(2)>&\u202e\u0000";

    @Test
    void render_layers_areNamedWithPrecisionAndReason() {
        String page = HtmlReport.render(SampleReports.quantize(10));

        assertThat(page)
                .contains("/encoder/layer.9/attention/self/query/MatMul", "Softmax has no INT8 kernel")
                .contains("per-tensor weights: expect collapse", "9 of 10", "14.0 MB → 3.70 MB", "76.9 %");
        assertThat(count(page, "<span class=\"tag int8\">")).isEqualTo(9);
        assertThat(count(page, "<figure>")).isEqualTo(10);
    }

    @Test
    void render_hostileNames_areEscapedEverywhere() {
        LayerReport layer = LayerReport.wider(HOSTILE, HOSTILE, LayerPrecision.FP32, HOSTILE)
                .withSqnrDb(3);
        ActivationReport activation = SampleReports.activation(HOSTILE, new Random(SampleReports.SEED), false);
        QuantizeReport report = SampleReports.report(List.of(layer), List.of(activation), List.of(HOSTILE))
                .withFacts(List.of(new Fact(HOSTILE, HOSTILE)));

        String page = HtmlReport.render(report);

        assertThat(count(page, "<script")).as("script elements").isEqualTo(1);
        assertThat(page).doesNotContain("<img", "alert(1)</script>").contains("&lt;script&gt;alert(1)");
        assertThat(count(page, "</td>")).as("cells").isEqualTo(count(page, "<td"));
    }

    @Test
    void render_anyReport_asksForNothingFromOutside() {
        String page = HtmlReport.render(SampleReports.quantize(3));

        assertThat(page)
                .doesNotContain("http:", "https:", "url(", "@import", "<link")
                .contains("default-src 'none'");
    }

    @Test
    void render_sqnrOfAllKinds_isShownWithoutBreakingTheDrawing() {
        List<LayerReport> layers = List.of(
                LayerReport.int8("exact", "MaxPool").withSqnrDb(Double.POSITIVE_INFINITY),
                LayerReport.int8("broken", "Conv").withSqnrDb(Double.NaN),
                LayerReport.int8("drowned", "Conv").withSqnrDb(-12.5),
                LayerReport.int8("unknown", "Conv"));

        String page = HtmlReport.render(SampleReports.report(layers, List.of(), List.of()));

        assertThat(page).contains("exact", "NaN", "−12.5 dB");
        Matcher lengths = Pattern.compile(" (?:width|height|x|y|x1|x2|y1|y2)=\"([^\"]*)\"")
                .matcher(page);
        int checked = 0;
        while (lengths.find()) {
            assertThat(Double.parseDouble(lengths.group(1))).isBetween(0.0, 1000.0);
            checked++;
        }
        assertThat(checked).isGreaterThan(20);
    }

    @Test
    void render_outlierSqnr_doesNotFlattenTheOthers() {
        List<LayerReport> layers = List.of(
                LayerReport.int8("masked", "Add").withSqnrDb(780),
                LayerReport.int8("usual", "Conv").withSqnrDb(40));

        String page = HtmlReport.render(SampleReports.report(layers, List.of(), List.of()));

        assertThat(page).contains("80 dB").doesNotContain("90 dB").contains("width:50%");
    }

    @Test
    void render_noLayersAtAll_isAPage() {
        String page = HtmlReport.render(SampleReports.report(List.of(), List.of(), List.of()));

        assertThat(page).contains("0 of 0").endsWith("</html>\n");
    }

    @Test
    void render_emptyHistogram_isDrawnEmpty() {
        ActivationReport.BinCounts none = new ActivationReport.BinCounts(0, 0, new long[8], false);
        QuantRange zero = new QuantRange(0, 0);
        ActivationReport activation = new ActivationReport("t", zero, zero, none);

        String page = HtmlReport.render(SampleReports.report(List.of(), List.of(activation), List.of()));

        assertThat(activation.clippedShare()).isZero();
        assertThat(page).contains("<path class=\"counts\" d=\"\"/>").doesNotContain("NaN");
    }

    @Test
    void clippedShare_knownCounts_isTheShareOutside() {
        ActivationReport.BinCounts bins = new ActivationReport.BinCounts(-2, 2, new long[] {10, 20, 60, 10}, false);
        ActivationReport activation = new ActivationReport("t", new QuantRange(-2, 2), new QuantRange(-1, 1), bins);

        assertThat(activation.clippedShare()).isEqualTo(0.2);
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
