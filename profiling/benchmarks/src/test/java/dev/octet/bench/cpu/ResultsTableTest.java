package dev.octet.bench.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultsTableTest {
    @Test
    void rows_twoThreadCounts_pairOursWithThePeersFastestFile() {
        String json = """
                {"runs": [
                  {"runtime": "octet", "model": "/m/a.octet.onnx", "threads": 1, "batch": 3, "medianNanos": 2000000, "p90Nanos": 2500000},
                  {"runtime": "ort 1", "model": "/m/a.octet.onnx", "threads": 1, "batch": 3, "medianNanos": 5000000, "p90Nanos": 6000000},
                  {"runtime": "ort 1", "model": "/m/a.ort.onnx", "threads": 1, "batch": 3, "medianNanos": 3000000, "p90Nanos": 4000000},
                  {"runtime": "octet", "model": "/m/a.octet.onnx", "threads": 2, "batch": 3, "medianNanos": 1000000, "p90Nanos": 1100000},
                  {"runtime": "ort 1", "model": "/m/a.octet.onnx", "threads": 2, "batch": 3, "medianNanos": 800000, "p90Nanos": 900000},
                  {"runtime": "ort 1", "model": "/m/a.ort.onnx", "threads": 2, "batch": 3, "medianNanos": 1200000, "p90Nanos": 1300000}],
                 "ratios": [
                  {"threads": 1, "peerModel": "/m/a.ort.onnx", "ratio": 1.5, "spread": {"lowest": 1.4, "highest": 1.6}},
                  {"threads": 2, "peerModel": "/m/a.octet.onnx", "ratio": 0.8, "spread": {"lowest": 0.7, "highest": 0.9}}]}
                """;

        assertThat(ResultsTable.rows("a", json))
                .containsExactly(
                        "| a | a.octet.onnx | 3 | 1 | 2.000 | 2.500 | 3.000 | 4.000 | a.ort.onnx | 1.50 | 1.40 - 1.60 |",
                        "| a | a.octet.onnx | 3 | 2 | 1.000 | 1.100 | 0.800 | 0.900 | a.octet.onnx | 0.80 | 0.70 - 0.90 |");
    }
}
