package dev.octet.analysis.lint;

/**
 * What a rule found at a node.
 *
 * @param cost what it costs in speed or accuracy, or what it breaks
 * @param edit the change of the graph that mends it
 */
record Fault(Severity severity, String cost, String edit) {
    static Fault error(String cost, String edit) {
        return new Fault(Severity.ERROR, cost, edit);
    }

    static Fault warning(String cost, String edit) {
        return new Fault(Severity.WARNING, cost, edit);
    }

    static Fault note(String cost, String edit) {
        return new Fault(Severity.NOTE, cost, edit);
    }
}
