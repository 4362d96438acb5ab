package dev.octet.report;

import java.util.List;

/**
 * What the rules of Q/DQ placement found in a model.
 *
 * @param target the runtime it was checked for
 */
public record LintReport(String model, String target, int errors, int warnings, int notes, List<LintFinding> findings)
        implements RunReport {
    public LintReport {
        findings = List.copyOf(findings);
    }

    /**
     * A fault of the model.
     *
     * @param rule the rule's stable id
     * @param severity how grave it is, as the linter names it
     * @param cost what it costs in speed or accuracy, or what it breaks
     * @param edit the change of the graph that mends it
     */
    public record LintFinding(String rule, String severity, String node, String op, String cost, String edit) {}
}
