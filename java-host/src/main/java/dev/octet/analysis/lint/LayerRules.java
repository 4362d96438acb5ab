package dev.octet.analysis.lint;

import dev.octet.graph.Node;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/** Rules about the operands of a layer with weights. */
final class LayerRules {
    /** A scale s_x*s_w is rounded to fp32 twice at most: two halves of an ulp, with room for products taken in fp64. */
    private static final double SCALE_TOLERANCE = 1e-6;

    private LayerRules() {}

    static Optional<Fault> floatInput(QdqView view, Node layer) {
        boolean weightOnly = view.isConstant(layer.input(1))
                && view.isDequantized(layer.input(1))
                && !view.isDequantized(layer.input(0));
        if (!weightOnly) {
            return Optional.empty();
        }
        boolean fromInt8 =
                view.layerBehindActivation(layer.input(0)).filter(view::isInt8).isPresent();
        return Optional.of(Fault.warning(
                fromInt8
                        ? "the int8 layer before it writes float and this layer runs in float: a Q/DQ pair is missing"
                        : "weights are rounded but the layer runs in float: its input is not quantized",
                "put a Q/DQ pair on input 0"));
    }

    static Optional<Fault> floatWeight(QdqView view, Node layer) {
        boolean floatWeight = view.pair(layer.input(0)).isPresent()
                && view.isConstant(layer.input(1))
                && !view.isDequantized(layer.input(1));
        return floatWeight
                ? Optional.of(Fault.warning(
                        "its input is rounded but the layer runs in float: its weights are not quantized",
                        "put a Q/DQ pair on the weights, or remove the pair on input 0"))
                : Optional.empty();
    }

    static Optional<Fault> floatIsland(QdqView view, Node layer) {
        boolean isFloat = !view.isDequantized(layer.input(0)) && !view.isDequantized(layer.input(1));
        if (!isFloat || !view.isConstant(layer.input(1))) {
            return Optional.empty();
        }
        boolean before =
                view.layerBehindActivation(layer.input(0)).filter(view::isInt8).isPresent();
        return before && view.isRequantized(layer.output())
                ? Optional.of(Fault.warning(
                        "one float layer between int8 layers: values widen to float and back around it",
                        "quantize its input and weights unless accuracy forbids it"))
                : Optional.empty();
    }

    static Optional<Fault> asymmetricWeight(QdqView view, Node layer) {
        return weightDequantize(view, layer)
                .filter(view::isAsymmetric)
                .map(_ -> Fault.warning(
                        "weights with a zero point cost a correction sum for each output; TensorRT refuses them",
                        "quantize weights symmetric: zero point 0"));
    }

    static Optional<Fault> perTensorDepthwise(QdqView view, Node conv) {
        boolean depthwise = view.weight(conv)
                .map(weight -> QdqView.isDepthwise(conv, weight.shape()))
                .orElse(false);
        return depthwise && hasOneScale(view, conv)
                ? Optional.of(Fault.warning(
                        "one scale for all channels of a depthwise filter: channels of small weights lose most bits",
                        "quantize the weights per channel, axis 0"))
                : Optional.empty();
    }

    static Optional<Fault> perTensor(QdqView view, Node layer) {
        boolean dense = view.weight(layer)
                .map(weight -> weight.shape().rank() > 1 && !QdqView.isDepthwise(layer, weight.shape()))
                .orElse(false);
        return dense && hasOneScale(view, layer)
                ? Optional.of(Fault.note(
                        "one scale for all output channels: per-channel costs no time and is more accurate",
                        "quantize the weights per channel"))
                : Optional.empty();
    }

    private static boolean hasOneScale(QdqView view, Node layer) {
        return weightDequantize(view, layer)
                .flatMap(view::scale)
                .filter(scale -> scale.elementCount() == 1)
                .isPresent();
    }

    private static Optional<Node> weightDequantize(QdqView view, Node layer) {
        return view.isConstant(layer.input(1)) ? view.dequantize(layer.input(1)) : Optional.empty();
    }

    static Optional<Fault> narrowBias(QdqView view, Node layer) {
        return view.dequantize(layer.input(2))
                .filter(bias -> view.graph().dtype(bias.input(0)) != DType.S32)
                .map(_ -> Fault.warning(
                        "an 8-bit bias loses most of its digits: it is added to 32-bit sums",
                        "leave the bias float, or int32 with the scale of input times weight"));
    }

    static Optional<Fault> biasScale(QdqView view, Node layer) {
        Optional<Tensor> bias = view.dequantize(layer.input(2))
                .filter(node -> view.graph().dtype(node.input(0)) == DType.S32)
                .flatMap(view::scale);
        Optional<Tensor> input = view.dequantize(layer.input(0)).flatMap(view::scale);
        Optional<Tensor> weight = weightDequantize(view, layer).flatMap(view::scale);
        if (bias.isEmpty() || input.isEmpty() || weight.isEmpty() || fits(bias.get(), input.get(), weight.get())) {
            return Optional.empty();
        }
        return Optional.of(Fault.warning(
                "the int32 bias has another scale than the sums it is added to, so it is added in float",
                "give the bias the scale of input times weight, channel by channel"));
    }

    private static boolean fits(Tensor bias, Tensor input, Tensor weight) {
        long channels = Math.max(bias.elementCount(), weight.elementCount());
        for (long i = 0; i < channels; i++) {
            double expected = input.getDouble(0) * at(weight, i);
            double difference = Math.abs(at(bias, i) - expected);
            boolean close = difference <= SCALE_TOLERANCE * expected;
            if (!close) {
                return false;
            }
        }
        return true;
    }

    private static double at(Tensor scale, long channel) {
        return scale.getDouble(scale.elementCount() == 1 ? 0 : channel);
    }
}
