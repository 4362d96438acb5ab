package dev.octet.cli;

import dev.octet.analysis.lint.Finding;
import dev.octet.analysis.lint.LintTarget;
import dev.octet.analysis.lint.Linter;
import dev.octet.analysis.lint.Severity;
import dev.octet.graph.Names;
import dev.octet.report.LintReport;
import dev.octet.report.LintReport.LintFinding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.Options;

/** Q/DQ placement that will cost speed or accuracy, from the model alone. */
final class LintCommand implements ModelCommand {
    @Override
    public String name() {
        return "lint";
    }

    @Override
    public String summary() {
        return "Q/DQ placement that will cost speed or accuracy, each finding with its edit";
    }

    @Override
    public Options more(Options options) {
        return options.addOption(RunOptions.valued("for", "TARGET", "octet (default), tensorrt or onnxruntime"))
                .addOption(RunOptions.flag("strict", "exit with 8 if there is an error or a warning"));
    }

    @Override
    public ExitCode run(Invocation invocation) throws IOException {
        Path path = invocation.pathArgument(0);
        LintTarget target = LintTarget.parse(invocation.value("for", "octet"));
        List<Finding> findings = Linter.check(RunOptions.load(invocation, path).graph(), target);
        LintReport report = new LintReport(
                path.toString(),
                target.name().toLowerCase(Locale.ROOT),
                count(findings, Severity.ERROR),
                count(findings, Severity.WARNING),
                count(findings, Severity.NOTE),
                findings.stream().map(LintCommand::entry).toList());
        if (!RunOptions.printedJson(invocation, report)) {
            print(invocation.console(), report);
        }
        boolean clean = report.errors() + report.warnings() == 0;
        return clean || !invocation.has("strict") ? ExitCode.OK : ExitCode.GOAL_NOT_MET;
    }

    private static int count(List<Finding> findings, Severity severity) {
        return (int) findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private static LintFinding entry(Finding finding) {
        return new LintFinding(
                finding.rule(),
                finding.severity().name().toLowerCase(Locale.ROOT),
                finding.node(),
                finding.op(),
                finding.cost(),
                finding.edit());
    }

    private static void print(Console console, LintReport report) {
        for (LintFinding finding : report.findings()) {
            console.result(finding.severity() + " " + finding.rule() + ": node \"" + Names.escape(finding.node())
                    + "\" (" + finding.op() + "): " + finding.cost());
            console.result("    edit: " + finding.edit());
        }
        console.result(report.errors() + " errors, " + report.warnings() + " warnings, " + report.notes() + " notes");
    }
}
