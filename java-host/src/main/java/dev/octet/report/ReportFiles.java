package dev.octet.report;

import dev.octet.io.AtomicFile;
import dev.octet.tensor.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Writes a report in the format that the file's name ends in: {@code .html}, {@code .md} or {@code .json}. */
public final class ReportFiles {
    private enum Form {
        HTML("html?"),
        MARKDOWN("md"),
        JSON("json");

        private final String suffix;

        Form(String suffix) {
            this.suffix = suffix;
        }

        private boolean isOf(String name) {
            return name.matches("(?s).*\\." + suffix);
        }
    }

    private ReportFiles() {}

    /**
     * Writes a quantization's report, whole or not at all.
     *
     * @throws ConfigException if the name ends in none of the three
     */
    public static void write(QuantizeReport report, Path target) throws IOException {
        AtomicFile.write(target, format(report, target));
    }

    /**
     * Finds out now whether the name is one that a report can have.
     *
     * @throws ConfigException if it ends in none of the three
     */
    public static void check(Path target) {
        form(target);
    }

    /**
     * What the file of this name is to hold.
     *
     * @throws ConfigException if the name ends in none of the three
     */
    public static String format(QuantizeReport report, Path target) {
        return switch (form(target)) {
            case HTML -> HtmlReport.render(report);
            case MARKDOWN -> MarkdownReport.render(report);
            case JSON -> ReportJson.write(report);
        };
    }

    private static Form form(Path target) {
        String name = target.toString().toLowerCase(Locale.ROOT);
        return Arrays.stream(Form.values())
                .filter(form -> form.isOf(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("report \"" + target + "\" must end in .html, .md or .json"));
    }
}
