package dev.octet.conformance;

import java.util.Map;

/** The required tests that Octet does not support, each with its reason. Any other must pass. */
final class UnsupportedCases {
    static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("test_batchnorm_epsilon_training_mode", "training is out of scope"),
            Map.entry("test_range_bfloat16_type_positive_delta_expanded", "Loop: control flow is not supported"),
            Map.entry("test_range_float16_type_positive_delta_expanded", "Loop: control flow is not supported"),
            Map.entry(
                    "abs_0d_input",
                    "declares two operator sets of one domain; a model that contradicts itself is refused"),
            Map.entry("node_output_not_used", "declares an output shape that its nodes contradict; refused"),
            Map.entry(
                    "transform__pre_shape_node_elimination",
                    "declares an output shape that its nodes contradict; refused"),
            Map.entry(
                    "ort_minimal_test_models__sparse_initializer_handling",
                    "the test feeds an input that an initializer fixes: initializers are constants here"),
            Map.entry("transform__dropout", "the expected mask of an inference is false, ONNX says true"),
            Map.entry("webgpu_pow_cast_test", "casts NaN to an integer, which ONNX leaves undefined"));

    private UnsupportedCases() {}
}
