package dev.octet.graph.op;

import java.util.List;

/** The functions of {@link Activation} with the attributes each has. */
public enum ActivationFunction {
    /** {@code x < 0 ? alpha * x : x}. */
    LEAKY_RELU("LeakyRelu", 1, 16, new Parameter("alpha", 0.01f)),
    /** {@code x < 0 ? alpha * (exp(x) - 1) : x}. */
    ELU("Elu", 1, 6, new Parameter("alpha", 1)),
    /** {@code gamma * (x > 0 ? x : alpha * (exp(x) - 1))}. */
    SELU("Selu", 1, 6, new Parameter("alpha", 1.6732632f), new Parameter("gamma", 1.050701f)),
    /** {@code max(0, x) + min(0, alpha * (exp(x / alpha) - 1))}. */
    CELU("Celu", 12, 12, new Parameter("alpha", 1)),
    /** {@code max(0, min(1, alpha * x + beta))}. */
    HARD_SIGMOID("HardSigmoid", 1, 6, new Parameter("alpha", 0.2f), new Parameter("beta", 0.5f)),
    /** {@code x > alpha ? x : 0}. */
    THRESHOLDED_RELU("ThresholdedRelu", 10, 10, new Parameter("alpha", 1)),
    /** {@code x < -lambd ? x + bias : x > lambd ? x - bias : 0}. */
    SHRINK("Shrink", 9, 9, new Parameter("bias", 0), new Parameter("lambd", 0.5f)),
    /** {@code x * sigmoid(alpha * x)}. */
    SWISH("Swish", 24, 24, new Parameter("alpha", 1));

    /** An attribute of type float. */
    record Parameter(String name, float absent) {}

    private final String onnxName;
    private final int introduced;
    private final int form;

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes it immutable
    private final List<Parameter> parameters;

    ActivationFunction(String onnxName, int introduced, int form, Parameter... parameters) {
        this.onnxName = onnxName;
        this.introduced = introduced;
        this.form = form;
        this.parameters = List.of(parameters);
    }

    String onnxName() {
        return onnxName;
    }

    int introduced() {
        return introduced;
    }

    int form() {
        return form;
    }

    List<Parameter> parameters() {
        return parameters;
    }
}
