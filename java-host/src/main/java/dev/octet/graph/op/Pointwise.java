package dev.octet.graph.op;

import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A function of each element of some tensors with broadcasting: straight-line code in fp32 whose last instruction's result
 * is the output. Inputs are f32, bool (as 0 and 1) or 8-bit integers.
 *
 * @param sources how each input is dequantized; empty for f32 and bool
 * @param target how the output is quantized, to 8 bits; empty for f32
 */
public record Pointwise(
        List<Optional<QuantParams.PerTensor>> sources, List<Instruction> code, Optional<QuantParams.PerTensor> target)
        implements Op {
    /** Most inputs. */
    public static final int MAX_INPUTS = 6;

    /** Most instructions. */
    public static final int MAX_INSTRUCTIONS = 32;

    static final OpType TYPE = OpType.internal("Pointwise", 1, MAX_INPUTS);

    /**
     * One step: a function of up to three values and two numbers.
     *
     * @param a an earlier instruction, or an input {@code i} as {@code -1 - i}; so are b and c
     */
    public record Instruction(PointwiseFunction function, int a, int b, int c, float first, float second) {
        static Instruction of(PointwiseFunction function, int... values) {
            int[] all = java.util.Arrays.copyOf(values, 3);
            return new Instruction(function, all[0], all[1], all[2], 0, 0);
        }

        Instruction with(double one, double other) {
            return new Instruction(function, a, b, c, (float) one, (float) other);
        }
    }

    public Pointwise {
        sources = List.copyOf(sources);
        code = List.copyOf(code);
        if (sources.isEmpty() || sources.size() > MAX_INPUTS || code.isEmpty() || code.size() > MAX_INSTRUCTIONS) {
            throw new IllegalArgumentException(sources.size() + " inputs and " + code.size() + " instructions");
        }
    }

    /** The value that stands for an input in code. */
    public static int input(int index) {
        return -1 - index;
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return Collections.nCopies(
                outputCount, target.map(QuantParams.PerTensor::dtype).orElse(DType.F32));
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape shape = in.shape(0);
        for (int i = 1; i < in.count(); i++) {
            shape = shape.broadcast(in.shape(i));
        }
        return List.of(shape);
    }
}
