package dev.octet.conformance;

import java.nio.file.Path;

/**
 * One model with inputs and expected outputs.
 *
 * @param set the folder it is in, such as {@code core}
 * @param required whether its operator must be supported (tier 1)
 */
record ConformanceCase(String set, String name, Path folder, boolean required, Tolerance tolerance) {
    /** How far a float output may be off: {@code atol + rtol * |want|}; integers only by {@code atol}. */
    record Tolerance(double rtol, double atol) {
        /** ONNX's own runner uses these; its integers are exact. */
        static final Tolerance DEFAULT = new Tolerance(1e-3, 1e-7);
    }

    Path data() {
        return folder.resolve("test_data_set_0");
    }
}
