package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.op.Ops;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.Naive;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResizeKernelTest {
    /** Values of at most 256 pass through a few fp64 operations and one rounding to fp32 (half an ulp of 256). */
    private static final double ROUNDING = 0x1p-16;

    private static Op resize(Attributes.Builder attributes) {
        return Ops.find("Resize").orElseThrow().read().apply(attributes.build());
    }

    private static Attributes.Builder mode(String mode, String coordinates) {
        return Attributes.builder().put("mode", mode).put("coordinate_transformation_mode", coordinates);
    }

    private static Tensor scaled(Op op, Tensor x, float... scales) {
        return run(
                op,
                x,
                Optional.empty(),
                Optional.of(Tensor.ofFloats(Shape.of(scales.length), scales)),
                Optional.empty());
    }

    private static Tensor sized(Op op, Tensor x, long... sizes) {
        return run(op, x, Optional.empty(), Optional.empty(), Optional.of(Tensor.vector(sizes)));
    }

    private static Tensor run(Op op, Tensor x, Optional<Tensor> roi, Optional<Tensor> scales, Optional<Tensor> sizes) {
        return OneNode.run(op, 1, OneNode.Known.NOTHING, List.of(Optional.of(x), roi, scales, sizes))
                .get(0);
    }

    private static void assertValues(Tensor actual, double... expected) {
        double[] values = new double[(int) actual.elementCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = actual.getDouble(i);
        }
        assertArrayEquals(expected, values, ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({
        "half_pixel, 10, 12.5, 17.5, 20",
        "half_pixel_symmetric, 10, 12.5, 17.5, 20",
        "pytorch_half_pixel, 10, 12.5, 17.5, 20",
        "asymmetric, 10, 15, 20, 20",
        "align_corners, 10, 13.333333333, 16.666666667, 20"
    })
    void linear_doubled_samplesWhereTheModeSays(String coordinates, double a, double b, double c, double d) {
        Tensor x = Tensor.ofFloats(Shape.of(2), 10, 20);

        assertValues(scaled(resize(mode("linear", coordinates)), x, 2), a, b, c, d);
        assertValues(sized(resize(mode("linear", coordinates)), x, 4), a, b, c, d);
    }

    /** Positions i * 5 / 8 = 0, 0.625, 1.25, .. and i / 2 = 0, 0.5, 1, ..: the second have the ties. */
    @ParameterizedTest
    @CsvSource({
        "round_prefer_floor, 01122344, 00112233",
        "round_prefer_ceil, 01123344, 01122333",
        "floor, 00112334, 00112233",
        "ceil, 01223444, 01122333"
    })
    void nearest_eachRounding_picksItsElement(String rounding, String fraction, String halves) {
        Op op = resize(mode("nearest", "asymmetric").put("nearest_mode", rounding));

        assertEquals(fraction, digits(sized(op, Tensor.vector(0, 1, 2, 3, 4), 8)));
        assertEquals(halves, digits(scaled(op, Tensor.vector(0, 1, 2, 3), 2)));
    }

    private static String digits(Tensor tensor) {
        return Arrays.stream(tensor.toLongs()).mapToObj(Long::toString).collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "cubic"})
    void interpolation_twoAxes_isTheProductOfOneAxisWeights(String mode) {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(2, 3, 5, 7), 200, 31);
        double a = -0.75;
        Tensor expected = Naive.tensor(DType.F32, Shape.of(2, 3, 8, 4), at -> {
            double row = (at[2] + 0.5) * 5 / 8 - 0.5;
            double column = (at[3] + 0.5) * 7 / 4 - 0.5;
            double sum = 0;
            for (int i = -4; i < 12; i++) {
                for (int j = -4; j < 12; j++) {
                    double value = Naive.at(x, at[0], at[1], Math.clamp(i, 0, 4), Math.clamp(j, 0, 6));
                    sum += weight(mode, row - i, a) * weight(mode, column - j, a) * value;
                }
            }
            return sum;
        });

        Tensor actual = sized(resize(mode(mode, "half_pixel")), x, 2, 3, 8, 4);

        assertArrayEquals(expected.toFloats(), actual.toFloats(), (float) ROUNDING);
    }

    private static double weight(String mode, double signed, double a) {
        double d = Math.abs(signed);
        if (mode.equals("linear")) {
            return Math.max(0, 1 - d);
        }
        if (d < 1) {
            return (a + 2) * d * d * d - (a + 3) * d * d + 1;
        }
        return d < 2 ? a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a : 0;
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "cubic"})
    void antialias_shrinking_stretchesTheFilter(String mode) {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(12), 200, 32);
        Tensor expected = Naive.tensor(DType.F32, Shape.of(4), at -> {
            double center = (at[0] + 0.5) * 3 - 0.5;
            double sum = 0;
            double total = 0;
            for (int i = -10; i < 22; i++) {
                double weight = weight(mode, (i - center) / 3, -0.5);
                total += weight;
                sum += weight * x.getFloat(Math.clamp(i, 0, 11));
            }
            return sum / total;
        });

        Tensor actual =
                sized(resize(mode(mode, "half_pixel").put("antialias", 1).put("cubic_coeff_a", -0.5f)), x, 4);

        assertArrayEquals(expected.toFloats(), actual.toFloats(), (float) ROUNDING);
    }

    @Test
    void excludeOutside_atTheBorder_renormalizes() {
        Tensor x = Tensor.ofFloats(Shape.of(2), 10, 20);
        double near = weight("cubic", 0.25, -0.75);
        double far = weight("cubic", 0.75, -0.75);
        double farther = weight("cubic", 1.25, -0.75);

        Tensor y = scaled(resize(mode("cubic", "half_pixel").put("exclude_outside", 1)), x, 2);

        assertValues(
                y,
                (near * 10 + farther * 20) / (near + farther),
                (near * 10 + far * 20) / (near + far),
                (far * 10 + near * 20) / (near + far),
                (farther * 10 + near * 20) / (near + farther));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nearest", "linear", "cubic"})
    void tfCropAndResize_outsideTheInput_extrapolates(String mode) {
        Tensor x = Tensor.ofFloats(Shape.of(5), 0, 10, 20, 30, 40);
        Op op = resize(mode(mode, "tf_crop_and_resize").put("extrapolation_value", -7f));
        Tensor roi = Tensor.ofFloats(Shape.of(2), 0.25f, 1.25f);

        Tensor y = run(op, x, Optional.of(roi), Optional.empty(), Optional.of(Tensor.vector(5)));

        assertValues(y, 10, 20, 30, 40, -7);
    }

    @Test
    void keepAspectRatio_sizesAsBounds_choosesOneScale() {
        Tensor x = Tensor.allocate(DType.F32, Shape.of(1, 4, 10));
        Attributes.Builder attributes = mode("linear", "half_pixel").put("axes", new long[] {1, -1});

        Op larger = resize(attributes.put("keep_aspect_ratio_policy", "not_smaller"));
        Op smaller = resize(attributes.put("keep_aspect_ratio_policy", "not_larger"));

        assertEquals("f32[1,6,15]", sized(larger, x, 6, 5).toString());
        assertEquals("f32[1,2,5]", sized(smaller, x, 6, 5).toString());
    }

    @Test
    void scales_inFloat_floorLikeFloat() {
        assertEquals(
                "f32[7]",
                scaled(resize(mode("linear", "half_pixel")), Tensor.allocate(DType.F32, Shape.of(10)), 0.7f)
                        .toString());
    }

    @Test
    void integers_interpolated_roundToEvenAndSaturate() {
        Tensor x = Tensor.ofBytes(DType.S8, Shape.of(2), (byte) 0, (byte) 1);
        Tensor edge = Tensor.ofBytes(DType.U8, Shape.of(4), (byte) 0, (byte) 255, (byte) 255, (byte) 0);

        assertArrayEquals(
                new long[] {0, 0, 1, 1},
                scaled(resize(mode("linear", "asymmetric")), x, 2).toLongs());
        assertEquals(255, scaled(resize(mode("cubic", "half_pixel")), edge, 3).getLong(5));
    }

    @Test
    void nearest_largeChannelsLast_copiesRuns() {
        Tensor x = Naive.counting(DType.U8, Shape.of(1, 17, 19, 24));
        Tensor expected =
                Naive.tensor(DType.U8, Shape.of(1, 34, 38, 24), at -> Naive.at(x, 0, at[1] / 2, at[2] / 2, at[3]));

        Tensor y = scaled(resize(mode("nearest", "asymmetric").put("nearest_mode", "floor")), x, 1, 2, 2, 1);

        assertArrayEquals(expected.toLongs(), y.toLongs());
    }

    @Test
    void wrongParameters_areRefused() {
        Tensor x = Tensor.allocate(DType.F32, Shape.of(2, 3));
        Op op = resize(mode("linear", "half_pixel"));

        assertKind(ModelException.Kind.INVALID, () -> run(op, x, Optional.empty(), Optional.empty(), Optional.empty()));
        assertKind(ModelException.Kind.INVALID, () -> scaled(op, x, 1));
        assertKind(ModelException.Kind.INVALID, () -> scaled(op, x, 1, Float.NaN));
        assertKind(ModelException.Kind.INVALID, () -> scaled(op, x, 1, -1));
        assertKind(ModelException.Kind.INVALID, () -> sized(op, x, 1, -1));
        assertKind(ModelException.Kind.LIMIT, () -> scaled(op, x, 1e30f, 1));
        assertKind(
                ModelException.Kind.INVALID,
                () -> resize(mode("nearest", "half_pixel").put("antialias", 1)));
        assertKind(ModelException.Kind.INVALID, () -> resize(mode("sharp", "half_pixel")));
    }

    private static void assertKind(ModelException.Kind kind, Executable action) {
        assertEquals(kind, assertThrows(ModelException.class, action).kind());
    }
}
