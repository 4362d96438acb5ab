package dev.octet.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {
    @Test
    void render_layers_listsTheWorstAndWhatIsNotInt8() {
        String text = MarkdownReport.render(SampleReports.quantize(20));

        assertThat(text)
                .startsWith("# sample: INT8 quantization\n")
                .contains("| nodes in INT8 | 17 of 20 |", "per-tensor weights: expect collapse")
                .contains("| Softmax | fp32 | Softmax has no INT8 kernel |");
        assertThat(text.lines().filter(line -> line.contains(" dB |"))).hasSize(10);
    }

    @Test
    void render_hostileName_staysInItsCell() {
        LayerReport layer = LayerReport.wider("a|b\n<script>`*_[x](y)", "Op", LayerPrecision.FP16, "asked for");

        String text = MarkdownReport.render(SampleReports.report(List.of(layer), List.of(), List.of()));

        assertThat(text).contains("| a\\|b\\\\u000a&lt;script>\\`\\*\\_\\[x\\](y) | Op | fp16 | asked for |");
    }
}
