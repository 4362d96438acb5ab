package dev.octet.graph;

import static java.util.Map.entry;

import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.tensor.DType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Checks the element types of operators whose inputs depend on each other's types: kernels read an input as what ONNX
 * says it is, not as what it happens to be. Operators that are not listed take any type, or say themselves what they take.
 */
public final class TypeVerifier {
    /** What one input may be. */
    private sealed interface Rule {
        /** One of some types. */
        record In(Set<DType> types) implements Rule {}

        /** The type of another input. */
        record Like(int input) implements Rule {}
    }

    private static final Rule ANY = new Rule.In(EnumSet.allOf(DType.class));
    private static final Rule FLOAT = new Rule.In(EnumSet.of(DType.F16, DType.BF16, DType.F32, DType.F64));
    private static final Rule F32 = new Rule.In(EnumSet.of(DType.F32));
    private static final Rule BYTE = new Rule.In(EnumSet.of(DType.U8, DType.S8));
    private static final Rule S32 = new Rule.In(EnumSet.of(DType.S32));
    private static final Rule INDEX = new Rule.In(EnumSet.of(DType.S32, DType.S64));
    private static final Rule BOOL = new Rule.In(EnumSet.of(DType.BOOL));
    private static final Rule FIRST = new Rule.Like(0);

    /** By ONNX's name; the last rule holds for all inputs from there on. */
    private static final Map<String, List<Rule>> RULES = Map.ofEntries(
            entry("BatchNormalization", List.of(FLOAT)),
            entry("Compress", List.of(ANY, BOOL)),
            entry("Concat", List.of(ANY, FIRST)),
            entry("Conv", List.of(FLOAT, FIRST)),
            entry("ConvInteger", List.of(BYTE, BYTE, FIRST, new Rule.Like(1))),
            entry("ConvTranspose", List.of(FLOAT, FIRST)),
            entry("CumSum", List.of(ANY, INDEX)),
            entry("DynamicQuantizeLinear", List.of(F32)),
            entry("Einsum", List.of(ANY, FIRST)),
            entry("Gather", List.of(ANY, INDEX)),
            entry("GatherElements", List.of(ANY, INDEX)),
            entry("GatherND", List.of(ANY, INDEX)),
            entry("Gemm", List.of(ANY, FIRST)),
            entry("GroupNormalization", List.of(FLOAT)),
            entry("InstanceNormalization", List.of(FLOAT, FIRST)),
            entry("LayerNormalization", List.of(FLOAT)),
            entry("MatMul", List.of(ANY, FIRST)),
            entry("MatMulInteger", List.of(BYTE, BYTE, FIRST, new Rule.Like(1))),
            entry("Mod", List.of(ANY, FIRST)),
            entry("Pad", List.of(ANY, INDEX, FIRST, INDEX)),
            entry("QLinearConv", List.of(BYTE, F32, FIRST, BYTE, F32, new Rule.Like(3), F32, BYTE, S32)),
            entry("QLinearMatMul", List.of(BYTE, FLOAT, FIRST, BYTE, FLOAT, new Rule.Like(3), FLOAT, BYTE)),
            entry("RMSNormalization", List.of(FLOAT)),
            entry("Range", List.of(ANY, FIRST)),
            entry("ReverseSequence", List.of(ANY, INDEX)),
            entry("ScatterElements", List.of(ANY, INDEX, FIRST)),
            entry("ScatterND", List.of(ANY, INDEX, FIRST)),
            entry("TopK", List.of(ANY, INDEX)));

    private TypeVerifier() {}

    /**
     * Verifies a node.
     *
     * @param dtype gives the type of a value
     * @throws ModelException naming the input
     */
    public static void verify(Node node, Function<String, DType> dtype) {
        List<Rule> rules = node.op() instanceof Binary binary
                ? binary.function() == BinaryFunction.POW ? List.of(ANY) : List.of(ANY, FIRST)
                : RULES.getOrDefault(node.op().type().name(), List.of(ANY));
        for (int i = 0; i < node.inputs().size(); i++) {
            if (node.hasInput(i)) {
                verify(node, dtype, i, rules.get(Math.min(i, rules.size() - 1)));
            }
        }
    }

    private static void verify(Node node, Function<String, DType> dtype, int input, Rule rule) {
        DType type = dtype.apply(node.input(input));
        switch (rule) {
            case Rule.In(Set<DType> types) -> {
                if (!types.contains(type)) {
                    throw ModelException.invalid("input " + input + " is " + type.label() + ", expected "
                            + String.join(
                                    " or ", types.stream().map(DType::label).toList()));
                }
            }
            case Rule.Like(int other) -> {
                DType expected = dtype.apply(node.input(other));
                if (type != expected) {
                    throw ModelException.invalid("input " + input + " is " + type.label() + " but input " + other
                            + " is " + expected.label() + ", the types must be the same");
                }
            }
        }
    }
}
