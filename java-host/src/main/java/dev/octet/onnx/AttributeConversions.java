package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.op.TypeCodes;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Attributes that became inputs, changed their type, or lost their default. */
final class AttributeConversions {
    static final List<Conversion> ALL = Stream.of(
                    Conversions.forEach(
                            List.of("Squeeze", "Unsqueeze", "ReduceSum"), 13, AttributeConversions::axesToInput),
                    Conversions.forEach(
                            List.of(
                                    "ReduceMax",
                                    "ReduceMin",
                                    "ReduceMean",
                                    "ReduceProd",
                                    "ReduceL1",
                                    "ReduceL2",
                                    "ReduceLogSum",
                                    "ReduceLogSumExp",
                                    "ReduceSumSquare"),
                            18,
                            AttributeConversions::axesToInput),
                    List.of(
                            new Conversion("Cast", 6, AttributeConversions::castTarget),
                            new Conversion("Clip", 11, AttributeConversions::clipLimits),
                            new Conversion("Concat", 4, AttributeConversions::concatAxis),
                            new Conversion("Pad", 2, AttributeConversions::padNames),
                            new Conversion("Pad", 11, AttributeConversions::padInputs),
                            new Conversion("Reshape", 5, AttributeConversions::reshapeInput),
                            new Conversion("Scatter", 11, AttributeConversions::scatterElements),
                            new Conversion("Selu", 6, AttributeConversions::seluDefaults),
                            new Conversion("Slice", 10, AttributeConversions::sliceInputs),
                            new Conversion("Split", 13, AttributeConversions::splitInput),
                            new Conversion("Split", 18, AttributeConversions::splitCount),
                            new Conversion("Tile", 6, AttributeConversions::tileRepeats),
                            new Conversion("TopK", 10, AttributeConversions::topKInput)))
            .flatMap(List::stream)
            .toList();

    private static final Map<String, DType> TYPE_NAMES = Map.ofEntries(
            Map.entry("FLOAT", DType.F32),
            Map.entry("UINT8", DType.U8),
            Map.entry("INT8", DType.S8),
            Map.entry("UINT16", DType.U16),
            Map.entry("INT16", DType.S16),
            Map.entry("INT32", DType.S32),
            Map.entry("INT64", DType.S64),
            Map.entry("BOOL", DType.BOOL),
            Map.entry("FLOAT16", DType.F16),
            Map.entry("DOUBLE", DType.F64),
            Map.entry("UINT32", DType.U32),
            Map.entry("UINT64", DType.U64));

    private AttributeConversions() {}

    private static String vector(String attribute, RawNode node, Rewrite rewrite) {
        return rewrite.constant(attribute, Tensor.vector(node.attributes().integers(attribute)));
    }

    private static RawNode axesToInput(RawNode node, Rewrite rewrite) {
        return node.attributes().has("axes")
                ? node.without("axes").withInputs(node.input(0), vector("axes", node, rewrite))
                : node;
    }

    private static RawNode castTarget(RawNode node, Rewrite rewrite) {
        if (!(node.attributes().has("to") && node.attributes().get("to") instanceof String name)) {
            return node;
        }
        DType dtype = TYPE_NAMES.get(name);
        if (dtype == null) {
            throw ModelException.invalid("attribute to has the unknown type " + dev.octet.graph.Names.escape(name));
        }
        return node.withAttributes(
                node.copy("to").put("to", TypeCodes.code(dtype)).build());
    }

    private static RawNode clipLimits(RawNode node, Rewrite rewrite) {
        DType dtype = rewrite.dtype(node.input(0)).orElse(DType.F32);
        return node.without("min", "max", "consumed_inputs")
                .withInputs(node.input(0), limit("min", node, dtype, rewrite), limit("max", node, dtype, rewrite));
    }

    private static String limit(String attribute, RawNode node, DType dtype, Rewrite rewrite) {
        return node.attributes().has(attribute)
                ? rewrite.constant(
                        attribute, Tensor.scalar(dtype, node.attributes().real(attribute, 0)))
                : "";
    }

    private static RawNode concatAxis(RawNode node, Rewrite rewrite) {
        return node.attributes().has("axis")
                ? node
                : node.withAttributes(node.copy().put("axis", 1).build());
    }

    private static RawNode padNames(RawNode node, Rewrite rewrite) {
        return node.withAttributes(node.copy("paddings")
                .put("pads", node.attributes().integers("paddings"))
                .build());
    }

    private static RawNode padInputs(RawNode node, Rewrite rewrite) {
        DType dtype = rewrite.dtype(node.input(0)).orElse(DType.F32);
        Tensor value = Tensor.scalar(dtype, node.attributes().real("value", 0));
        return node.without("pads", "value")
                .withInputs(node.input(0), vector("pads", node, rewrite), rewrite.constant("value", value));
    }

    private static RawNode reshapeInput(RawNode node, Rewrite rewrite) {
        return node.attributes().has("shape")
                ? node.without("shape", "consumed_inputs").withInputs(node.input(0), vector("shape", node, rewrite))
                : node;
    }

    private static RawNode scatterElements(RawNode node, Rewrite rewrite) {
        return node.as("ScatterElements", node.attributes(), node.input(0), node.input(1), node.input(2));
    }

    /** Operator set 1 rounded the constants to five digits. */
    private static RawNode seluDefaults(RawNode node, Rewrite rewrite) {
        return node.withAttributes(node.copy("alpha", "gamma", "consumed_inputs")
                .put("alpha", node.attributes().real("alpha", 1.6732f))
                .put("gamma", node.attributes().real("gamma", 1.0507f))
                .build());
    }

    private static RawNode sliceInputs(RawNode node, Rewrite rewrite) {
        String starts = vector("starts", node, rewrite);
        String ends = vector("ends", node, rewrite);
        RawNode plain = node.without("starts", "ends", "axes");
        return node.attributes().has("axes")
                ? plain.withInputs(node.input(0), starts, ends, vector("axes", node, rewrite))
                : plain.withInputs(node.input(0), starts, ends);
    }

    private static RawNode splitInput(RawNode node, Rewrite rewrite) {
        return node.attributes().has("split")
                ? node.without("split").withInputs(node.input(0), vector("split", node, rewrite))
                : node;
    }

    private static RawNode splitCount(RawNode node, Rewrite rewrite) {
        return node.hasInput(1)
                ? node
                : node.withAttributes(node.copy("num_outputs")
                        .put("num_outputs", node.outputs().size())
                        .build());
    }

    /** Operator set 1: inputs are the data, how often, and the one axis to repeat. */
    private static RawNode tileRepeats(RawNode node, Rewrite rewrite) {
        if (!node.hasInput(2)) {
            return node;
        }
        int rank = rewrite.rank(node.input(0)).orElse(-1);
        long tiles = scalar(node.input(1), rewrite);
        long axis = scalar(node.input(2), rewrite);
        if (axis < 0 || axis >= rank) {
            throw ModelException.unsupported("Tile of operator set 1 needs a known rank and an axis within it");
        }
        long[] repeats = new long[rank];
        Arrays.fill(repeats, 1);
        repeats[(int) axis] = tiles;
        return node.withInputs(node.input(0), rewrite.constant("repeats", Tensor.vector(repeats)));
    }

    private static long scalar(String value, Rewrite rewrite) {
        return rewrite.value(value)
                .filter(tensor -> tensor.elementCount() == 1)
                .orElseThrow(() -> ModelException.unsupported("Tile of operator set 1 needs constant tiles and axis"))
                .getLong(0);
    }

    private static RawNode topKInput(RawNode node, Rewrite rewrite) {
        Tensor k = Tensor.ofLongs(Shape.of(1), node.attributes().integer("k"));
        return node.without("k").withInputs(node.input(0), rewrite.constant("k", k));
    }

    /** Attributes of one integer. */
    static Attributes integer(String name, long value) {
        return Attributes.builder().put(name, value).build();
    }
}
