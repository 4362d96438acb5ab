package dev.octet.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.tensor.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
    @TempDir
    Path folder;

    @Test
    void write_eachEnding_isThatFormat() throws IOException {
        QuantizeReport report = SampleReports.quantize(2);

        for (String name : new String[] {"r.html", "r.MD", "r.json"}) {
            ReportFiles.write(report, folder.resolve(name));
        }

        assertThat(folder.resolve("r.html")).content().startsWith("<!DOCTYPE html>");
        assertThat(folder.resolve("r.MD")).content().startsWith("# sample");
        assertThat(folder.resolve("r.json")).content().startsWith("{");
    }

    @Test
    void write_otherEnding_isRefused() {
        assertThatThrownBy(() -> ReportFiles.write(SampleReports.quantize(2), folder.resolve("r.pdf")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("r.pdf");
    }
}
