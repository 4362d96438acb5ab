package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.op.Epilogue;
import dev.octet.quant.QuantParams;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What follows an accumulator and fuses with it: an Add of a quantized residual, Relu and Clip, QuantizeLinear. Every
 * value in between is read by the next node alone.
 *
 * @param absorbed the nodes that the fused one replaces
 * @param output the value that the fused node writes
 * @param target how that value is quantized; empty if it is real
 * @param residual what is added before rounding; only with a target
 */
record Tail(
        List<Node> absorbed,
        String output,
        Clamps clamps,
        Optional<QuantParams.PerTensor> target,
        Optional<Qdq.Dequantized> residual) {
    /** The longest tail behind a value. */
    static Tail behind(Graph graph, String value, TrialShapes shapes) {
        Optional<Tail> withResidual = addResidual(graph, value, shapes).filter(tail -> tail.target.isPresent());
        return withResidual.orElseGet(() -> clampsAndQuantize(graph, value, List.of(), Optional.empty()));
    }

    /** The tail without a residual, as an operator needs that can add none. */
    static Tail withoutResidual(Graph graph, String value) {
        return clampsAndQuantize(graph, value, List.of(), Optional.empty());
    }

    /** Relu and Clip of a type alone. */
    static Tail clampsOnly(Graph graph, String value, DType type) {
        List<Node> absorbed = new ArrayList<>();
        Clamps clamps = Clamps.NONE;
        String output = value;
        for (Optional<Node> next = graph.onlyConsumer(output); next.isPresent(); next = graph.onlyConsumer(output)) {
            Optional<Clamps> clamped = clamps.then(graph, next.get(), type);
            if (clamped.isEmpty()) {
                break;
            }
            absorbed.add(next.get());
            output = next.get().output();
            clamps = clamped.get();
        }
        return new Tail(absorbed, output, clamps, Optional.empty(), Optional.empty());
    }

    private static Optional<Tail> addResidual(Graph graph, String value, TrialShapes shapes) {
        Optional<Node> add = graph.onlyConsumer(value).filter(node -> Operators.is(node, "Add"));
        if (add.isEmpty() || add.get().input(0).equals(add.get().input(1))) {
            return Optional.empty();
        }
        String other = add.get().input(add.get().input(0).equals(value) ? 1 : 0);
        return Qdq.byteSource(graph, other)
                .filter(_ -> shapes.sameShape(value, other))
                .map(residual ->
                        clampsAndQuantize(graph, add.get().output(), List.of(add.get()), Optional.of(residual)));
    }

    private static Tail clampsAndQuantize(
            Graph graph, String value, List<Node> before, Optional<Qdq.Dequantized> residual) {
        Tail real = clampsOnly(graph, value, DType.F32);
        List<Node> absorbed = new ArrayList<>(before);
        absorbed.addAll(real.absorbed);
        Optional<Node> quantize = graph.onlyConsumer(real.output);
        Optional<QuantParams.PerTensor> target = quantize.flatMap(node -> Qdq.target(graph, node));
        if (target.isEmpty()) {
            return new Tail(absorbed, real.output, real.clamps, Optional.empty(), Optional.empty());
        }
        absorbed.add(quantize.get());
        return new Tail(absorbed, quantize.get().output(), real.clamps, target, residual);
    }

    /**
     * The epilogue of an accumulator; empty if a quotient of scales is beyond fp32, or negative.
     *
     * @param inputScale of the first operand
     * @param weightScales of the second, one or one a channel
     */
    Optional<Epilogue> epilogue(float inputScale, float[] weightScales) {
        float[] scales = new float[weightScales.length];
        for (int c = 0; c < scales.length; c++) {
            scales[c] = target.isEmpty()
                    ? inputScale * weightScales[c]
                    : Quantizer.multiplier(
                            inputScale, weightScales[c], target.get().scale());
            if (!isMultiplier(scales[c])) {
                return Optional.empty();
            }
        }
        return target.isEmpty()
                ? Optional.of(new Epilogue.ToFloat(scales, clamps.min(), clamps.max()))
                : toInt8(scales, target.get());
    }

    private Optional<Epilogue> toInt8(float[] scales, QuantParams.PerTensor to) {
        Optional<Epilogue.Residual> added = residual.flatMap(Qdq.Dequantized::bytePerTensor)
                .map(from -> new Epilogue.Residual(from.dtype(), from.scale() / to.scale(), from.zeroPoint()));
        if (added.isPresent() && !isMultiplier(added.get().multiplier())) {
            return Optional.empty();
        }
        Clamps.Limits limits = clamps.quantized(to);
        return Optional.of(
                new Epilogue.ToInt8(to.dtype(), scales, to.zeroPoint(), limits.qmin(), limits.qmax(), added));
    }

    /** Whether integer operators can multiply by a quotient of scales; scales that are far apart overflow. */
    static boolean isMultiplier(float quotient) {
        return quotient >= 0 && Float.isFinite(quotient);
    }

    /** The integers of the residual, or no name. */
    String residualValue() {
        return residual.map(Qdq.Dequantized::value).orElse("");
    }
}
