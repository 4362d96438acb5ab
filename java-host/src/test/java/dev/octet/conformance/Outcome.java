package dev.octet.conformance;

/** What became of a test. */
sealed interface Outcome {
    record Passed() implements Outcome {}

    record Failed(String reason) implements Outcome {}

    /** An operator, type or form that Octet does not claim to support. */
    record Unsupported(String reason) implements Outcome {}
}
