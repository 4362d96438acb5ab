package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.quant.QuantParams;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The operands of a product on integers, ready to take the place of float nodes.
 *
 * @param x name of the first operand's integers
 * @param input how they were quantized
 * @param weight name of the second operand's integers
 * @param weightScales one, or one an output channel
 */
record IntegerProduct(
        String x, QuantParams.PerTensor input, String weight, float[] weightScales, Optional<IntegerBias> bias) {
    /** The largest {@code |q - zeroPoint|} of a type. */
    static int largestDistance(QuantParams.PerTensor params) {
        return (int) Math.max(
                params.dtype().maxInteger() - params.zeroPoint(),
                params.zeroPoint() - params.dtype().minInteger());
    }

    /** {@code inputScale * weightScale}: what a unit of the accumulator is worth. */
    static float[] accumulatorScales(float inputScale, float[] weightScales) {
        float[] scales = new float[weightScales.length];
        for (int c = 0; c < scales.length; c++) {
            scales[c] = inputScale * weightScales[c];
        }
        return scales;
    }

    /** Puts an integer operator in the place of a float one and of all that it absorbs; it keeps the float one's name. */
    Graph replace(GraphEdit edit, Node node, Op op, List<Node> absorbed, Tail tail) {
        absorbed.forEach(edit::remove);
        tail.absorbed().forEach(edit::remove);
        List<String> inputs = new ArrayList<>(List.of(x, weight));
        inputs.add(bias.map(b -> edit.addConstant(node.name() + "/bias", b.values()))
                .orElse(""));
        inputs.add(tail.residualValue());
        while (inputs.getLast().isEmpty()) {
            inputs.removeLast();
        }
        edit.put(new Node(node.name(), op, inputs, List.of(tail.output())));
        return edit.apply();
    }
}
