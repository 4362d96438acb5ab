package dev.octet.conformance;

import java.util.Map;

/** The required tests that Octet does not support, each with its reason. Any other must pass. */
final class UnsupportedCases {
    static final Map<String, String> REASONS = Map.ofEntries(Map.entry(
            "abs_0d_input",
            "declares operator set 21 and 1 of the same domain; a model that contradicts itself is refused"));

    private UnsupportedCases() {}
}
