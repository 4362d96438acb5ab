package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** Whether an element is infinite, of one of the signs asked for. ONNX IsInf, opset 20. */
public record IsInf(boolean detectNegative, boolean detectPositive) implements Op {
    static final OpType TYPE = OpType.onnx(
            "IsInf", 10, 10, 1, a -> new IsInf(a.flag("detect_negative", true), a.flag("detect_positive", true)));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("detect_negative", detectNegative)
                .put("detect_positive", detectPositive)
                .build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return List.of(DType.BOOL);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0));
    }
}
