package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/** {@code (x - mean) / standardDeviation} over some axes. ONNX MeanVarianceNormalization, opset 13. */
public record MeanVarianceNormalization(List<Long> axes) implements Op {
    static final OpType TYPE = OpType.onnx("MeanVarianceNormalization", 9, 13, 1, MeanVarianceNormalization::read);

    public MeanVarianceNormalization {
        axes = List.copyOf(axes);
    }

    private static MeanVarianceNormalization read(Attributes attributes) {
        return new MeanVarianceNormalization(
                attributes.has("axes")
                        ? Arrays.stream(attributes.integers("axes")).boxed().toList()
                        : List.of(0L, 2L, 3L));
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("axes", axes.stream().mapToLong(Long::longValue).toArray())
                .build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        axes.forEach(in.shape(0)::axis);
        return List.of(in.shape(0));
    }
}
