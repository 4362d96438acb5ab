package dev.octet.graph.op;

import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Maps each 8-bit value through a table: any elementwise function between a DequantizeLinear and a QuantizeLinear, and
 * the change from one scale to another.
 *
 * @param table 256 entries, indexed by the input's bits as unsigned
 */
public record QLookup(byte[] table, DType dtype) implements Op {
    static final OpType TYPE = OpType.internal("QLookup", 1, 1);

    public QLookup {
        if (table.length != 256) {
            throw new IllegalArgumentException("a table of " + table.length + " entries, expected 256");
        }
        table = table.clone();
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return Collections.nCopies(outputCount, dtype);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0));
    }
}
