package dev.octet.report;

import com.fasterxml.jackson.annotation.JsonValue;

/** The precision a layer runs in. */
public enum LayerPrecision {
    INT8("int8"),
    FP16("fp16"),
    FP32("fp32");

    private final String label;

    LayerPrecision(String label) {
        this.label = label;
    }

    /** The name in reports and on the command line. */
    @JsonValue
    public String label() {
        return label;
    }
}
