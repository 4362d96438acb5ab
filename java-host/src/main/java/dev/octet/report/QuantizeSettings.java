package dev.octet.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The choices a quantization was made with, as written on the command line.
 *
 * @param options every other option by name, in the order to show them
 */
public record QuantizeSettings(
        String calibrator, String weights, String activations, String target, Map<String, String> options) {
    public QuantizeSettings {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }
}
