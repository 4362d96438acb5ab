package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.ConvCase;
import dev.octet.testing.TestTensors;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("cuda")
class QConvCudaTest {
    private static final int TURING = 75;
    private static final Layout LAST = Layout.CHANNELS_LAST;

    private static float[] perChannel(Shape weight, float low, float high, long seed) {
        Random random = new Random(seed);
        float[] values = new float[(int) weight.dim(0)];
        for (int i = 0; i < values.length; i++) {
            values[i] = low + random.nextFloat() * (high - low);
        }
        return values;
    }

    private static SpatialWindow window(long stride, long dilation, long pad) {
        return new SpatialWindow(
                new long[0],
                new long[] {stride, stride},
                new long[] {dilation, dilation},
                new long[] {pad, pad, pad, pad},
                SpatialWindow.AutoPad.NOTSET);
    }

    /** A case of two spatial axes. */
    private static ConvCase square(
            long images, long channels, long extent, long outChannels, long group, long kernel, SpatialWindow window) {
        return new ConvCase(
                channels + outChannels + kernel,
                Shape.of(images, channels, extent, extent + 1),
                Shape.of(outChannels, channels / group, kernel, kernel),
                group,
                window);
    }

    /** All epilogues over both types of x. */
    private static void check(ConvCase sizes) {
        for (DType type : new DType[] {DType.U8, DType.S8}) {
            long seed = sizes.seed();
            int zero = type == DType.U8 ? 121 : -7;
            check(
                    sizes,
                    type,
                    new Epilogue.ToInt8(
                            DType.U8, perChannel(sizes.weight(), 1e-4f, 5e-3f, seed), 7, 7, 250, Optional.empty()));
            check(sizes, type, new Epilogue.ToFloat(perChannel(sizes.weight(), 1e-5f, 1e-3f, seed), 0, 6));
            Epilogue.Residual added = new Epilogue.Residual(type, 0.41f, zero);
            check(sizes, type, new Epilogue.ToInt8(DType.S8, new float[] {3e-3f}, -5, -128, 127, Optional.of(added)));
        }
    }

    private static void check(ConvCase sizes, DType type, Epilogue epilogue) {
        long seed = sizes.seed();
        Tensor x = ConvCase.toLayout(ConvCase.bytes(type, sizes.x(), seed + 2), LAST);
        Tensor weight = ConvCase.bytes(DType.S8, sizes.weight(), seed + 3);
        Tensor bias = TestTensors.uniform(DType.S32, Shape.of(sizes.weight().dim(0)), 10_000, seed + 4);
        int xZero = (int) (type.minInteger() + new Random(seed + 1).nextInt(256));
        CudaOracle oracle = CudaOracle.of(new QConv(sizes.window(), sizes.group(), xZero, LAST, epilogue))
                .constants(1, 2);

        if (epilogue instanceof Epilogue.ToInt8 e && e.residual().isPresent()) {
            DType added = e.residual().get().dtype();
            Tensor residual = ConvCase.toLayout(ConvCase.bytes(added, sizes.output(), seed + 5), LAST);
            oracle.exact(x, weight, bias, residual);
        } else {
            oracle.exact(x, weight, bias);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17})
    void qconv_randomSizes_equalsTheOracle(long seed) {
        check(ConvCase.random(seed, 1 + (int) (seed / 2 % 3)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5})
    void qconv_randomSizesOnTuring_equalsTheOracle(long seed) {
        Simulator.atCapability(TURING, () -> check(ConvCase.random(seed, 2)));
    }

    @ParameterizedTest
    @CsvSource({"3, 7", "1, 5", "4, 3", "8, 3", "12, 3", "16, 3", "20, 1", "24, 3", "32, 3", "48, 2", "80, 1"})
    void qconv_everyAccess_equalsTheOracle(long channels, long kernel) {
        check(square(2, channels, 9, 18, 1, kernel, window(2, 1, 1)));
    }

    @ParameterizedTest
    @CsvSource({"16, 4, 3", "32, 2, 3", "64, 2, 1", "12, 3, 1", "96, 3, 2"})
    void qconv_groups_equalsTheOracle(long channels, long group, long kernel) {
        check(square(1, channels, 7, 5 * group, group, kernel, window(1, 2, 2)));
        check(square(1, channels, 6, 16 * group, group, kernel, window(1, 1, 0)));
    }

    @Test
    void qconv_largeTile_equalsTheOracle() {
        check(square(2, 32, 16, 130, 1, 3, window(1, 1, 1)));
        check(square(2, 64, 17, 128, 1, 1, window(1, 1, 0)));
    }

    @ParameterizedTest
    @CsvSource({"1, 3, 1, 1, 1", "5, 3, 1, 1, 1", "32, 3, 2, 1, 1", "36, 3, 1, 2, 2", "9, 5, 2, 1, 2", "16, 1, 1, 1, 0"
    })
    void qconv_depthwise_equalsTheOracle(long channels, long kernel, long stride, long dilation, long pad) {
        check(square(2, channels, 9, channels, channels, kernel, window(stride, dilation, pad)));
    }

    @Test
    void qconv_channelsFirstOrUnknownWeight_isLeftToTheCpu() {
        Tensor x = ConvCase.bytes(DType.U8, Shape.of(1, 5, 5, 5), 1);
        Tensor weight = ConvCase.bytes(DType.S8, Shape.of(4, 5, 3, 3), 2);
        Epilogue epilogue = new Epilogue.ToFloat(new float[] {1}, 0, 6);
        QConv first = new QConv(window(1, 1, 0), 1, 3, Layout.CHANNELS_FIRST, epilogue);
        QConv last = new QConv(window(1, 1, 0), 1, 3, LAST, epilogue);

        assertThat(CudaOracle.of(first).constants(1).kernel(CudaOracle.present(x, weight)))
                .isEmpty();
        assertThat(CudaOracle.of(last).kernel(CudaOracle.present(x, weight))).isEmpty();
        assertThat(CudaOracle.of(last).constants(1).kernel(CudaOracle.present(x, weight)))
                .isPresent();
    }
}
