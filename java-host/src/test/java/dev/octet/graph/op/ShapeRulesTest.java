package dev.octet.graph.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.graph.Attributes;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.TensorType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.OctetException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shapes of the data-movement operators, and what they refuse. */
class ShapeRulesTest {
    private static final long HUGE = 1L << 40;

    private static List<Shape> shapes(Op op, int outputs, Shape x, Tensor... rest) {
        List<Optional<TensorType>> types = new ArrayList<>();
        List<Optional<Tensor>> values = new ArrayList<>();
        types.add(Optional.of(new TensorType(DType.F32, x)));
        values.add(Optional.empty());
        for (Tensor tensor : rest) {
            types.add(Optional.of(new TensorType(tensor.dtype(), tensor.shape())));
            values.add(Optional.of(tensor));
        }
        try {
            return op.outputShapes(new OpInputs(types, values, outputs));
        } catch (DataDependentShapeException e) {
            throw new AssertionError(e);
        }
    }

    private static Shape shape(Op op, Shape x, Tensor... rest) {
        return shapes(op, 1, x, rest).get(0);
    }

    private static void assertRefused(ModelException.Kind kind, Op op, Shape x, Tensor... rest) {
        OctetException e = assertThrows(OctetException.class, () -> shapes(op, 1, x, rest));
        // What overflows by itself knows of no model; the caller adds the node.
        ModelException.Kind found = e instanceof ModelException fault ? fault.kind() : ModelException.Kind.LIMIT;
        assertEquals(kind, found, e.getMessage());
    }

    private static void assertInvalid(Op op, Shape x, Tensor... rest) {
        assertRefused(ModelException.Kind.INVALID, op, x, rest);
    }

    private static Tensor list(String values) {
        return Tensor.vector(
                Arrays.stream(values.split(" ")).mapToLong(Long::parseLong).toArray());
    }

    @ParameterizedTest
    @CsvSource({"6 -1, '[6,4]'", "0 -1, '[2,12]'", "0 0 0 1, '[2,3,4,1]'", "24, '[24]'", "-1 1 1, '[24,1,1]'"})
    void reshape_targets_resolve(String target, String expected) {
        assertEquals(
                expected,
                shape(new Reshape(false), Shape.of(2, 3, 4), list(target)).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1 -1", "4 2", "0 0 0 0", "-2 12", "5 -1", "0 -1 0 5"})
    void reshape_wrongTarget_isInvalid(String target) {
        assertInvalid(new Reshape(false), Shape.of(2, 3, 4), list(target));
    }

    @Test
    void reshape_emptyTensor_keepsItsZero() {
        assertEquals(Shape.of(3, 4, 0), shape(new Reshape(true), Shape.of(0, 3, 4), list("3 4 0")));
        assertEquals(Shape.of(0, 12), shape(new Reshape(false), Shape.of(0, 3, 4), list("0 12")));
        assertInvalid(new Reshape(true), Shape.of(0, 3, 4), list("0 -1"));
        assertEquals(Shape.SCALAR, shape(new Reshape(false), Shape.of(1), Tensor.vector()));
        assertRefused(ModelException.Kind.LIMIT, new Reshape(false), Shape.of(2), Tensor.vector(HUGE, HUGE));
    }

    @Test
    void reshape_unknownTarget_isDataDependent() {
        List<Optional<TensorType>> types = List.of(
                Optional.of(new TensorType(DType.F32, Shape.of(2))),
                Optional.of(new TensorType(DType.S64, Shape.of(1))));
        OpInputs in = new OpInputs(types, List.of(Optional.empty(), Optional.empty()), 1);

        assertThrows(DataDependentShapeException.class, () -> new Reshape(false).outputShapes(in));
    }

    @ParameterizedTest
    @CsvSource({"0,'[1,24]'", "1,'[2,12]'", "3,'[24,1]'", "-1,'[6,4]'", "-3,'[1,24]'"})
    void flatten_axis_splits(long axis, String expected) {
        assertEquals(expected, shape(new Flatten(axis), Shape.of(2, 3, 4)).toString());
    }

    @Test
    void flatten_axisOutside_isInvalid() {
        assertInvalid(new Flatten(4), Shape.of(2, 3, 4));
        assertInvalid(new Flatten(Long.MIN_VALUE), Shape.of(2, 3, 4));
    }

    @Test
    void squeezeAndUnsqueeze_axes_areInverse() {
        assertEquals(Shape.of(3, 5), shape(new Squeeze(), Shape.of(1, 3, 1, 5), list("-2 0")));
        assertEquals(Shape.of(3, 5), shape(new Squeeze(), Shape.of(1, 3, 1, 5)));
        assertEquals(Shape.of(1, 3, 1, 5), shape(new Unsqueeze(), Shape.of(3, 5), list("-2 0")));
        assertInvalid(new Squeeze(), Shape.of(1, 3), list("1"));
        assertInvalid(new Squeeze(), Shape.of(1, 3), list("2"));
        assertInvalid(new Unsqueeze(), Shape.of(3), list("0 -3"));
        assertInvalid(new Unsqueeze(), Shape.of(3), list("3 0"));
    }

    @Test
    void transpose_wrongPerm_isInvalid() {
        assertInvalid(new Transpose(new long[] {0, 0}), Shape.of(2, 3));
        assertInvalid(new Transpose(new long[] {0}), Shape.of(2, 3));
        assertInvalid(new Transpose(new long[] {0, -1}), Shape.of(2, 3));
    }

    @Test
    void concat_mismatch_isInvalid() {
        Tensor other = Tensor.allocate(DType.F32, Shape.of(4, 5));

        assertInvalid(new Concat(0), Shape.of(2, 3), other);
        assertInvalid(new Concat(1), Shape.of(4, 5, 1), other);
        assertInvalid(new Concat(2), Shape.of(4, 5), other);
        assertEquals(Shape.of(4, 7), shape(new Concat(-1), Shape.of(4, 2), other));
    }

    @Test
    void split_wrongSizes_isInvalid() {
        assertInvalid(new Split(0, 0), Shape.of(2), list("1 9"));
        assertThrows(ModelException.class, () -> shapes(new Split(0, 0), 2, Shape.of(2), list("1 9")));
        assertThrows(ModelException.class, () -> shapes(new Split(0, 0), 2, Shape.of(2), list("3 -1")));
        assertThrows(ModelException.class, () -> shapes(new Split(0, 3), 2, Shape.of(6)));
        assertThrows(ModelException.class, () -> shapes(new Split(0, 0), 4, Shape.of(5)));
        assertEquals(
                List.of(Shape.of(1, 2), Shape.of(1, 2), Shape.of(1, 1)), shapes(new Split(1, 3), 3, Shape.of(1, 5)));
    }

    @Test
    void slice_wrongParameters_isInvalid() {
        Shape x = Shape.of(4, 4);

        assertInvalid(new Slice(), x, list("0"), list("1"), list("0"), list("0"));
        assertInvalid(new Slice(), x, list("0"), list("1 2"));
        assertInvalid(new Slice(), x, list("0 0"), list("1 1"), list("0 -2"));
        assertInvalid(new Slice(), x, list("0"), list("1"), list("2"));
        assertInvalid(new Slice(), x, list("0 0 0"), list("1 1 1"));
        assertEquals(Shape.of(0, 4), shape(new Slice(), Shape.of(0, 4), list("-1"), list("-9"), list("0"), list("-1")));
    }

    @Test
    void bombs_areLimitsNotOverflows() {
        assertRefused(ModelException.Kind.LIMIT, new Expand(), Shape.of(1), Tensor.vector(HUGE, HUGE));
        assertRefused(ModelException.Kind.LIMIT, new Tile(), Shape.of(HUGE), Tensor.vector(HUGE));
        assertRefused(ModelException.Kind.LIMIT, new Tile(), Shape.of(1, 1), Tensor.vector(HUGE, HUGE));
        assertRefused(
                ModelException.Kind.LIMIT, new Pad(Pad.Mode.CONSTANT), Shape.of(1), Tensor.vector(Long.MAX_VALUE, 1));
        assertInvalid(new Tile(), Shape.of(2), Tensor.vector(-1));
        assertInvalid(new Expand(), Shape.of(2), Tensor.vector(-1));
    }

    @Test
    void pad_wrongPads_isInvalid() {
        assertInvalid(new Pad(Pad.Mode.CONSTANT), Shape.of(2, 3), list("1 1"));
        assertInvalid(new Pad(Pad.Mode.CONSTANT), Shape.of(2), list("-2 -1"));
        assertInvalid(new Pad(Pad.Mode.EDGE), Shape.of(2), list("-2 1"));
        assertEquals(Shape.of(3), shape(new Pad(Pad.Mode.CONSTANT), Shape.of(2), list("-2 3")));
    }

    @Test
    void depthToSpace_misfit_isInvalid() {
        assertInvalid(new DepthToSpace(2, DepthToSpace.Order.DCR, Layout.CHANNELS_FIRST), Shape.of(1, 6, 2, 2));
        assertInvalid(new SpaceToDepth(2), Shape.of(1, 6, 3, 2));
        assertInvalid(new SpaceToDepth(2), Shape.of(1, 6, 2));
        assertThrows(ModelException.class, () -> new SpaceToDepth(0));
        assertThrows(
                ModelException.class,
                () -> new DepthToSpace(Long.MAX_VALUE, DepthToSpace.Order.CRD, Layout.CHANNELS_FIRST));
    }

    @Test
    void topK_kOutside_isInvalid() {
        assertInvalid(new TopK(0, true, true), Shape.of(3), list("4"));
        assertInvalid(new TopK(0, true, true), Shape.of(3), list("-1"));
        assertInvalid(new TopK(1, true, true), Shape.of(3), list("1"));
    }

    @Test
    void indexing_misfit_isInvalid() {
        Tensor flat = Tensor.vector(0, 1);

        assertInvalid(new Gather(1), Shape.of(3), flat);
        assertInvalid(new Gather(0), Shape.SCALAR, flat);
        assertInvalid(new GatherElements(0), Shape.of(3, 3), flat);
        assertInvalid(new GatherElements(1), Shape.of(1, 3), Tensor.ofLongs(Shape.of(2, 1), 0, 0));
        assertInvalid(new GatherNd(0), Shape.of(3), flat);
        assertInvalid(new GatherNd(1), Shape.of(3, 3), flat);
        assertInvalid(new GatherNd(-1), Shape.of(3, 3), flat);
        assertInvalid(
                new ScatterNd(ScatterReduction.NONE),
                Shape.of(3, 3),
                flat,
                Tensor.scalar(0).reshape(Shape.of(1)));
        assertThrows(
                ModelException.class,
                () -> new Gather(0).outputDTypes(List.of(Optional.of(DType.F32), Optional.of(DType.F32)), 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Concat",
                "ConstantOfShape",
                "DepthToSpace",
                "Expand",
                "EyeLike",
                "Flatten",
                "Gather",
                "GatherElements",
                "GatherND",
                "NonZero",
                "OneHot",
                "Pad",
                "Range",
                "Reshape",
                "Resize",
                "ReverseSequence",
                "ScatterElements",
                "ScatterND",
                "Size",
                "Slice",
                "SpaceToDepth",
                "Split",
                "Squeeze",
                "Tile",
                "TopK",
                "Transpose",
                "Trilu",
                "Unsqueeze",
                "Compress"
            })
    void attributes_readAgain_giveTheSameOperator(String name) {
        Attributes given =
                Attributes.builder().put("axis", 1).put("blocksize", 2).build();
        Op op = Ops.find(name).orElseThrow().read().apply(given);

        Op again = op.type().read().apply(op.attributes());

        assertEquals(op.attributes().names(), again.attributes().names());
        for (String attribute : op.attributes().names()) {
            Object first = op.attributes().get(attribute);
            Object second = again.attributes().get(attribute);
            if (first instanceof Tensor tensor) {
                assertEquals(true, tensor.contentEquals((Tensor) second));
            } else {
                assertEquals(first, second);
            }
        }
    }
}
