package dev.octet.analysis.lint;

/** How much a finding matters. */
public enum Severity {
    /** The target refuses the model or computes nonsense. */
    ERROR,
    /** Speed or accuracy is lost for nothing. */
    WARNING,
    /** A fact worth knowing; the placement is right as it is. */
    NOTE
}
