package dev.octet.analysis.lint;

import static dev.octet.analysis.lint.LintTarget.OCTET;
import static dev.octet.analysis.lint.LintTarget.ONNXRUNTIME;
import static dev.octet.analysis.lint.LintTarget.TENSORRT;
import static dev.octet.analysis.lint.QdqView.ACTIVATIONS;
import static dev.octet.analysis.lint.QdqView.DEQUANTIZE;
import static dev.octet.analysis.lint.QdqView.QUANTIZE;
import static dev.octet.analysis.lint.QdqView.WEIGHTED;

import java.util.List;
import java.util.Set;

/** All rules. */
final class LintRules {
    private static final Set<LintTarget> ALL_TARGETS = Set.of(OCTET, TENSORRT, ONNXRUNTIME);
    private static final Set<LintTarget> TENSOR_CORES = Set.of(OCTET, TENSORRT);
    private static final Set<String> PRODUCTS = Set.of("Gemm", "MatMul");
    private static final Set<String> CONVOLUTION = Set.of("Conv");
    private static final Set<String> QDQ = Set.of(QUANTIZE, DEQUANTIZE);

    static final List<LintRule> ALL = List.of(
            new LintRule("conv-qdq-add", TENSOR_CORES, Set.of("Add"), FusionRules::quantizedBeforeAdd),
            new LintRule("residual-float", TENSOR_CORES, Set.of("Add"), FusionRules::floatResidual),
            new LintRule("conv-qdq-relu", ALL_TARGETS, ACTIVATIONS, FusionRules::quantizedBeforeActivation),
            new LintRule("batchnorm-left", ALL_TARGETS, Set.of("BatchNormalization"), FusionRules::batchNorm),
            new LintRule("concat-scales", ALL_TARGETS, Set.of("Concat"), FusionRules::concatScales),
            new LintRule("concat-mixed", ALL_TARGETS, Set.of("Concat"), FusionRules::concatMixed),
            new LintRule("concat-output-scale", ALL_TARGETS, Set.of("Concat"), FormatRules::concatOutput),
            new LintRule("moved-scales", ALL_TARGETS, QdqView.MOVING, FormatRules::movedScales),
            new LintRule("conv-qdq-gate", Set.of(TENSORRT), FormatRules.GATES, FormatRules::quantizedBeforeGate),
            new LintRule("dangling-quantize", ALL_TARGETS, Set.of(QUANTIZE), PairRules::danglingQuantize),
            new LintRule("dangling-dequantize", ALL_TARGETS, Set.of(DEQUANTIZE), PairRules::danglingDequantize),
            new LintRule("sensitive-input", ALL_TARGETS, PairRules.SENSITIVE, PairRules::sensitiveInput),
            new LintRule("requantize", ALL_TARGETS, Set.of(QUANTIZE), PairRules::requantize),
            new LintRule("scale-degenerate", ALL_TARGETS, QDQ, PairRules::degenerateScale),
            new LintRule("scales-all-equal", ALL_TARGETS, Set.of(DEQUANTIZE), PairRules::equalScales),
            new LintRule("activation-asymmetric", Set.of(TENSORRT), Set.of(QUANTIZE), PairRules::asymmetric),
            new LintRule("type-uint8", Set.of(TENSORRT), Set.of(QUANTIZE), PairRules::unsigned),
            new LintRule("type-16bit", ALL_TARGETS, Set.of(QUANTIZE), FormatRules::wide),
            new LintRule("activation-per-channel", ALL_TARGETS, Set.of(QUANTIZE), FormatRules::perChannelActivation),
            new LintRule("scale-computed", Set.of(TENSORRT), QDQ, FormatRules::computedScale),
            new LintRule(
                    "integer-operator", Set.of(TENSORRT), FormatRules.INTEGER_OPERATORS, FormatRules::integerOperator),
            new LintRule("weight-axis", ALL_TARGETS, WEIGHTED, FormatRules::weightAxis),
            new LintRule("weight-uint8", Set.of(TENSORRT), WEIGHTED, FormatRules::unsignedWeight),
            new LintRule("bias-quantized", Set.of(TENSORRT), WEIGHTED, FormatRules::quantizedBias),
            new LintRule("weight-only", ALL_TARGETS, WEIGHTED, LayerRules::floatInput),
            new LintRule("weight-float", ALL_TARGETS, WEIGHTED, LayerRules::floatWeight),
            new LintRule("float-between-int8", ALL_TARGETS, WEIGHTED, LayerRules::floatIsland),
            new LintRule("weight-asymmetric", ALL_TARGETS, WEIGHTED, LayerRules::asymmetricWeight),
            new LintRule("depthwise-per-tensor", ALL_TARGETS, CONVOLUTION, LayerRules::perTensorDepthwise),
            new LintRule("weight-per-tensor", ALL_TARGETS, WEIGHTED, LayerRules::perTensor),
            new LintRule("bias-8bit", ALL_TARGETS, WEIGHTED, LayerRules::narrowBias),
            new LintRule("bias-scale", ALL_TARGETS, WEIGHTED, LayerRules::biasScale),
            new LintRule("first-layer-channels", TENSOR_CORES, CONVOLUTION, ShapeRules::firstLayer),
            new LintRule("channels-unaligned", TENSOR_CORES, CONVOLUTION, ShapeRules::unaligned),
            new LintRule("group-not-depthwise", TENSOR_CORES, CONVOLUTION, ShapeRules::grouped),
            new LintRule("product-tiny", TENSOR_CORES, PRODUCTS, ShapeRules::tinyProduct));

    private LintRules() {}
}
