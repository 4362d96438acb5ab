package dev.octet.report;

import dev.octet.io.AtomicFile;
import dev.octet.tensor.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Writes a report in the format that the file's name ends in: {@code .html}, {@code .md} or {@code .json}. */
public final class ReportFiles {
    private ReportFiles() {}

    /**
     * Writes a quantization's report, whole or not at all.
     *
     * @throws ConfigException if the name ends in none of the three
     */
    public static void write(QuantizeReport report, Path target) throws IOException {
        String name = target.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".html") || name.endsWith(".htm")) {
            AtomicFile.write(target, HtmlReport.render(report));
        } else if (name.endsWith(".md")) {
            AtomicFile.write(target, MarkdownReport.render(report));
        } else if (name.endsWith(".json")) {
            AtomicFile.write(target, ReportJson.write(report));
        } else {
            throw new ConfigException("report \"" + target + "\" must end in .html, .md or .json");
        }
    }
}
