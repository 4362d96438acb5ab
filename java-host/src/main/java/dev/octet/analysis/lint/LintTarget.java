package dev.octet.analysis.lint;

import dev.octet.tensor.ConfigException;
import java.util.Locale;

/** The runtime that the model is meant for. */
public enum LintTarget {
    OCTET,
    TENSORRT,
    ONNXRUNTIME;

    /**
     * The target of this name.
     *
     * @throws ConfigException if there is none
     */
    public static LintTarget parse(String name) {
        for (LintTarget target : values()) {
            if (target.name().toLowerCase(Locale.ROOT).equals(name)) {
                return target;
            }
        }
        throw new ConfigException("target \"" + name + "\" is none of octet, tensorrt, onnxruntime");
    }
}
