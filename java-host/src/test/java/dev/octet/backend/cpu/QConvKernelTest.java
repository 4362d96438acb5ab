package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.ConvInteger;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.ConvCase;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QConvKernelTest {
    private static final int[] NO_ZEROS = {0};
    private static final SpatialWindow POINT =
            new SpatialWindow(new long[0], new long[0], new long[0], new long[0], SpatialWindow.AutoPad.NOTSET);

    /** Everything a random integer convolution has. */
    private record Data(ConvCase sizes, Tensor x, int xZero, Tensor weight, Tensor bias) {
        static Data random(long seed) {
            ConvCase sizes = ConvCase.random(seed, 1 + (int) (seed / 2 % 3));
            DType dtype = seed % 2 == 0 ? DType.U8 : DType.S8;
            Random random = new Random(seed + 1);
            int xZero = (int) (dtype.minInteger() + random.nextInt(256));
            Tensor bias = Tensor.allocate(DType.S32, Shape.of(sizes.weight().dim(0)));
            for (long i = 0; i < bias.elementCount(); i++) {
                bias.setLong(i, random.nextInt(20001) - 10000);
            }
            return new Data(
                    sizes,
                    ConvCase.bytes(dtype, sizes.x(), seed + 2),
                    xZero,
                    ConvCase.bytes(DType.S8, sizes.weight(), seed + 3),
                    bias);
        }

        /** The int32 sum with bias of output element {@code i}, channels-first. */
        int[] sums() {
            double[] exact = sizes.sums(x, xZero, weight, NO_ZEROS, false);
            int[] sums = new int[exact.length];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = (int) (exact[i] + bias.getLong(channel(i)));
            }
            return sums;
        }

        int channel(int element) {
            Shape output = sizes.output();
            return (int) (element / output.product(2, output.rank()) % output.dim(1));
        }

        float[] perChannel(float low, float high) {
            Random random = new Random(sizes.seed() + 9);
            float[] values = new float[(int) sizes.weight().dim(0)];
            for (int i = 0; i < values.length; i++) {
                values[i] = low + random.nextFloat() * (high - low);
            }
            return values;
        }

        Tensor run(Layout layout, Epilogue epilogue, Tensor... residual) {
            QConv conv = new QConv(sizes.window(), sizes.group(), xZero, layout, epilogue);
            Tensor placed = ConvCase.toLayout(x, layout);
            Tensor out = residual.length == 0
                    ? OneNode.runConstant(conv, placed, weight, bias)
                    : OneNode.runConstant(conv, placed, weight, bias, ConvCase.toLayout(residual[0], layout));
            return ConvCase.fromLayout(out, layout);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17})
    void qconv_requantized_equalsQuantizer(long seed) {
        Data data = Data.random(seed);
        float[] multipliers = data.perChannel(1e-4f, 2e-2f);
        Epilogue epilogue = new Epilogue.ToInt8(DType.U8, multipliers, 7, 7, 250, Optional.empty());
        int[] sums = data.sums();

        for (Layout layout : Layout.values()) {
            Tensor got = data.run(layout, epilogue);

            for (int i = 0; i < sums.length; i++) {
                assertThat(got.getLong(i))
                        .as("%s %s, element %d", layout, data.sizes(), i)
                        .isEqualTo(Quantizer.requantize(sums[i], multipliers[data.channel(i)], 7, 7, 250));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void qconv_residual_equalsQuantizer(long seed) {
        Data data = Data.random(seed);
        DType type = seed % 2 == 0 ? DType.S8 : DType.U8;
        Tensor residual = ConvCase.bytes(type, data.sizes().output(), seed + 5);
        Epilogue.Residual added = new Epilogue.Residual(type, 0.37f, 3);
        Epilogue epilogue = new Epilogue.ToInt8(DType.S8, new float[] {3e-3f}, -5, -128, 127, Optional.of(added));
        int[] sums = data.sums();

        for (Layout layout : Layout.values()) {
            Tensor got = data.run(layout, epilogue, residual);

            for (int i = 0; i < sums.length; i++) {
                int r = (int) residual.getLong(i) - 3;
                assertThat(got.getLong(i))
                        .as("%s %s, element %d", layout, data.sizes(), i)
                        .isEqualTo(Quantizer.requantizeAdd(sums[i], 3e-3f, r, 0.37f, -5, -128, 127));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void qconv_toFloat_scalesAndClamps(Layout layout) {
        Data data = Data.random(4);
        float[] scales = data.perChannel(1e-5f, 1e-3f);
        int[] sums = data.sums();

        Tensor got = data.run(layout, new Epilogue.ToFloat(scales, 0, 6));

        for (int i = 0; i < sums.length; i++) {
            float want = Math.clamp((float) sums[i] * scales[data.channel(i)], 0f, 6f);
            assertThat(got.getFloat(i)).as("%s, element %d", data.sizes(), i).isEqualTo(want);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void qconv_allCornersDeep_sumsExactly(Layout layout) {
        int channels = 1031;
        Tensor x = Tensor.allocate(DType.U8, Shape.of(1, channels, 3, 3));
        Tensor weight = Tensor.allocate(DType.S8, Shape.of(2, channels, 3, 3));
        x.data().fill((byte) 255);
        weight.data().fill((byte) -128);
        QConv conv = new QConv(POINT, 1, 0, layout, new Epilogue.ToFloat(new float[] {1}, -1e30f, 1e30f));

        Tensor got = OneNode.runConstant(conv, ConvCase.toLayout(x, layout), weight);

        float want = (float) (-255 * 128 * channels * 9);
        assertThat(got.toFloats()).containsExactly(want, want);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void qconv_batchOfSeven_equalsSamplesAlone(Layout layout) {
        long seed = 5;
        Tensor x = TestTensors.integers(DType.S8, Shape.of(7, 19, 7, 7), seed);
        Tensor weight = TestTensors.integers(DType.S8, Shape.of(33, 19, 1, 1), seed + 1);
        Epilogue epilogue = new Epilogue.ToInt8(DType.S8, new float[] {2e-3f}, 0, -128, 127, Optional.empty());
        QConv conv = new QConv(POINT, 1, -3, layout, epilogue);

        Tensor all = OneNode.runConstant(conv, ConvCase.toLayout(x, layout), weight);

        int sampleIn = 19 * 49;
        int sampleOut = 33 * 49;
        for (int n = 0; n < 7; n++) {
            Tensor one = Tensor.wrap(DType.S8, Shape.of(1, 19, 7, 7), x.data().asSlice(n * sampleIn, sampleIn));
            Tensor alone = OneNode.runConstant(conv, ConvCase.toLayout(one, layout), weight);
            assertThat(alone.data().mismatch(all.data().asSlice(n * sampleOut, sampleOut)))
                    .as("sample %d, seed %d", n, seed)
                    .isEqualTo(-1);
        }
    }

    @Test
    void qconv_tooManyTerms_isRefusedNamingTheLimit() {
        Tensor x = Tensor.allocate(DType.U8, Shape.of(1, Quantizer.MAX_K_U8S8 + 1, 1));
        Tensor weight = Tensor.allocate(DType.S8, Shape.of(1, Quantizer.MAX_K_U8S8 + 1, 1));
        QConv conv = new QConv(POINT, 1, 0, Layout.CHANNELS_FIRST, new Epilogue.ToFloat(new float[] {1}, 0, 1));

        assertThatThrownBy(() -> OneNode.run(conv, x, weight))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("65793");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5})
    void convInteger_zeroPointsPerChannel_equalsDefinition(long seed) {
        ConvCase sizes = ConvCase.random(seed, 2);
        Tensor x = ConvCase.bytes(DType.U8, sizes.x(), seed);
        Tensor weight = ConvCase.bytes(DType.U8, sizes.weight(), seed + 1);
        Tensor zeros = ConvCase.bytes(DType.U8, Shape.of(sizes.weight().dim(0)), seed + 2);

        Tensor got = OneNode.runConstant(
                new ConvInteger(sizes.window(), sizes.group()),
                x,
                weight,
                Tensor.ofBytes(DType.U8, Shape.SCALAR, (byte) 200),
                zeros);

        int[] weightZeros = new int[(int) zeros.elementCount()];
        for (int i = 0; i < weightZeros.length; i++) {
            weightZeros[i] = (int) zeros.getLong(i);
        }
        double[] want = sizes.sums(x, 200, weight, weightZeros, false);
        for (int i = 0; i < want.length; i++) {
            assertThat((double) got.getLong(i)).as("%s, element %d", sizes, i).isEqualTo(want[i]);
        }
    }
}
