package dev.octet.analysis.lint;

/**
 * A fault of a model.
 *
 * @param rule its rule's id
 * @param node the node at which it shows
 * @param op that node's operator
 * @param cost what it costs in speed or accuracy, or what it breaks
 * @param edit the change of the graph that mends it
 */
public record Finding(String rule, Severity severity, String node, String op, String cost, String edit) {}
