package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels that no operator has to itself, by launching them: against the formulas of {@link Quantizer}. */
@Tag("cuda")
class RequantizeKernelTest {
    private static final long SEED = 11;
    private static final int ZERO_POINT = -3;
    private static final int QMIN = -120;
    private static final int QMAX = 119;

    private Arena arena;
    private CudaDevice device;
    private CudaStream stream;

    @BeforeEach
    void open() {
        CudaTests.requireDevice();
        device = new CudaDevice(0, CudaImage.OF_THIS_BUILD::bytes);
        arena = Arena.ofShared();
        stream = new CudaStream(device);
    }

    @AfterEach
    void close() {
        if (device != null) {
            stream.close();
            arena.close();
            device.close();
        }
    }

    private MemorySegment upload(Tensor tensor) {
        return device.upload(tensor.data(), arena);
    }

    private Tensor launch(String kernel, KernelParams params, MemorySegment out, Tensor like) {
        device.function(kernel).launch(stream, Grid.elements(like.elementCount(), 4), params);
        return download(out, like);
    }

    private Tensor download(MemorySegment out, Tensor like) {
        stream.finish();
        Tensor result = Tensor.allocate(like.dtype(), like.shape(), arena);
        if (like.elementCount() > 0) {
            CudaResult.check(
                    jcuda.driver.JCudaDriver.cuMemcpyDtoH(
                            NativeAddress.host(result.data()),
                            NativeAddress.device(out),
                            result.data().byteSize()),
                    "reading a result");
        }
        return result;
    }

    private static Tensor sums(int rows, int stride) {
        Random random = new Random(SEED);
        Tensor acc = Tensor.allocate(DType.S32, Shape.of(rows, stride));
        for (long i = 0; i < acc.elementCount(); i++) {
            acc.setLong(i, random.nextInt(100_001) - 50_000);
        }
        acc.setLong(0, Integer.MAX_VALUE);
        return acc;
    }

    private static Tensor multipliers(int channels) {
        Tensor values = TestTensors.uniform(DType.F32, Shape.of(channels), 0.004, SEED);
        for (int i = 0; i < channels; i++) {
            values.setFloat(i, Math.abs(values.getFloat(i)));
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"5, 7, 7, false", "5, 8, 16, false", "3, 12, 12, true", "4, 5, 16, true", "1, 64, 64, true"})
    void requantize_rowsApart_equalsTheQuantizer(int rows, int channels, int stride, boolean add) {
        Tensor acc = sums(rows, stride);
        Tensor factors = multipliers(channels);
        Tensor bias = TestTensors.integers(DType.S32, Shape.of(channels), SEED);
        bias.setLong(0, 1); // wraps with the largest sum
        for (int i = 1; i < channels; i++) {
            bias.setLong(i, bias.getLong(i) >> 16);
        }
        Tensor residual = TestTensors.integers(DType.U8, Shape.of(rows, channels), SEED);
        Tensor expected = Tensor.allocate(DType.S8, Shape.of(rows, channels));
        for (int i = 0; i < rows * channels; i++) {
            int channel = i % channels;
            int sum = (int) acc.getLong((long) i / channels * stride + channel) + (int) bias.getLong(channel);
            float factor = factors.getFloat(channel);
            int other = (int) residual.getLong(i) - 128;
            expected.setLong(
                    i,
                    add
                            ? Quantizer.requantizeAdd(sum, factor, other, 0.7f, ZERO_POINT, QMIN, QMAX)
                            : Quantizer.requantize(sum, factor, ZERO_POINT, QMIN, QMAX));
        }
        MemorySegment out = device.allocate(expected.data().byteSize(), arena);
        KernelParams params = new KernelParams()
                .pointer(upload(acc))
                .pointer(upload(factors))
                .pointer(upload(bias))
                .pointer(add ? upload(residual) : MemorySegment.NULL)
                .pointer(out)
                .s64(rows)
                .s64(channels)
                .s64(stride)
                .s32(0)
                .s32(128)
                .f32(0.7f)
                .s32(ZERO_POINT)
                .s32(QMIN)
                .s32(QMAX);

        Tensor actual = launch("octet_simt_requantize_s32b8", params, out, expected);

        assertThat(actual.toLongs()).as("seed " + SEED).isEqualTo(expected.toLongs());
    }

    @ParameterizedTest
    @CsvSource({"5, 7, 7", "5, 8, 16"})
    void requantize_toFloat_equalsTheProductClamped(int rows, int channels, int stride) {
        Tensor acc = sums(rows, stride);
        Tensor factors = multipliers(channels);
        Tensor expected = Tensor.allocate(DType.F32, Shape.of(rows, channels));
        for (int i = 0; i < rows * channels; i++) {
            float sum = (float) (int) acc.getLong((long) i / channels * stride + i % channels);
            expected.setFloat(i, Math.clamp(sum * factors.getFloat(i % channels), -60f, 60f));
        }
        MemorySegment out = device.allocate(expected.data().byteSize(), arena);
        KernelParams params = new KernelParams()
                .pointer(upload(acc))
                .pointer(upload(factors))
                .nullPointer()
                .pointer(out)
                .s64(rows)
                .s64(channels)
                .s64(stride)
                .f32(-60)
                .f32(60);

        Tensor actual = launch("octet_simt_requantize_s32f32", params, out, expected);

        assertThat(actual.toFloats()).as("seed " + SEED).isEqualTo(expected.toFloats());
    }

    @Test
    void copy_countsBeyond32Bits_walksLikeSmallOnes() {
        Tensor x = TestTensors.integers(DType.S32, Shape.of(5, 7), SEED);
        Tensor expected = Tensor.allocate(DType.S32, Shape.of(7, 5));
        for (int i = 0; i < expected.elementCount(); i++) {
            expected.setLong(i, x.getLong(i % 5L * 7 + i / 5));
        }
        // The host says so only where there are as many; the walk then divides in 64 bits.
        long[] axes = StridedAxes.of(new long[] {7, 5}, new long[] {1, 7}, new long[] {5, 1})
                .fields();
        axes[1] = 0;
        MemorySegment out = device.allocate(expected.data().byteSize(), arena);
        KernelParams params = new KernelParams()
                .pointer(upload(x))
                .pointer(out)
                .structure(axes)
                .s64(x.elementCount());

        Tensor actual = launch("octet_simt_copy_b32", params, out, expected);

        assertThat(actual.toLongs()).as("seed " + SEED).isEqualTo(expected.toLongs());
    }

    @Test
    void quantizeRows_scaleOfEachRow_equalsTheQuantizer() {
        int rows = 5;
        int length = 333;
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(rows, length), 3, SEED);
        for (int i = 0; i < length; i++) {
            x.setFloat(2L * length + i, 0);
        }
        Tensor expected = Tensor.allocate(DType.S8, x.shape());
        float[] expectedScales = new float[rows];
        for (int row = 0; row < rows; row++) {
            float amax = 0;
            for (int i = 0; i < length; i++) {
                amax = Math.max(amax, Math.abs(x.getFloat((long) row * length + i)));
            }
            expectedScales[row] = amax == 0 ? 1 : amax / 127;
            for (int i = row * length; i < (row + 1) * length; i++) {
                expected.setLong(i, Quantizer.quantize(x.getFloat(i), expectedScales[row], 0, -127, 127));
            }
        }
        MemorySegment scales = device.allocate((long) rows * Float.BYTES, arena);
        MemorySegment out = device.allocate(expected.data().byteSize(), arena);
        KernelParams params = new KernelParams()
                .pointer(upload(x))
                .pointer(scales)
                .pointer(out)
                .s64(rows)
                .s64(length);

        Tensor actual = launch("octet_simt_quantize_f32s8_row", params, out, expected);

        assertThat(actual.toLongs()).as("seed " + SEED).isEqualTo(expected.toLongs());
        assertThat(download(scales, Tensor.allocate(DType.F32, Shape.of(rows))).toFloats())
                .isEqualTo(expectedScales);
    }
}
