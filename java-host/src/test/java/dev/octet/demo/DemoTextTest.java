package dev.octet.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.report.DemoReport;
import dev.octet.report.LayerReport;
import dev.octet.report.QuantizeReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoTextTest {
    @Test
    void lines_report_sayWhatTheDemoPromises() {
        DemoReport report = new DemoReport(
                "MiniLM",
                new QuantizeReport.FileSizes(91_000_000, 22_750_000),
                new DemoReport.Speed("cpu", 2, 84, 10_000_000, 4_000_000),
                new DemoReport.Accuracy(42, 0.99125, 0.97, 0.995, 0.93, 0.92),
                List.of(LayerReport.int8("/ffn/MatMul", "MatMul").withSqnrDb(12.345)),
                new DemoReport.Files("f.onnx", "q.onnx", "r.html"));

        assertThat(DemoText.lines(report))
                .anyMatch(line -> line.contains("91.0 MB -> 22.8 MB (4.00 times smaller)"))
                .anyMatch(line -> line.contains("10.00 ms -> 4.00 ms (2.50 times as fast); median of 84"))
                .anyMatch(line -> line.contains("mean 0.9913, least 0.9700"))
                .anyMatch(line -> line.contains("0.9950 between the similarities of 42 sentence pairs"))
                .anyMatch(line -> line.contains("12.35 dB  /ffn/MatMul (MatMul, int8)"))
                .anyMatch(line -> line.endsWith("q.onnx"))
                .anyMatch(line -> line.endsWith("r.html"));
    }
}
