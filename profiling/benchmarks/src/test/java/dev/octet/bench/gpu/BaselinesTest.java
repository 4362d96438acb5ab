package dev.octet.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.octet.backend.cuda.CudaBackend;
import dev.octet.backend.cuda.lt.BaselineLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.Random;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What NVIDIA's libraries are asked through JCuda is the product and the convolution that are timed. */
@Tag("cuda")
class BaselinesTest {
    /** 72 products of values below 1, each rounded once, and the sum rounded to fp16 once: 2^-11 of at most 72. */
    private static final double FP16_TOLERANCE = 72.0 / (1 << 11);

    @BeforeEach
    void requireDevice() {
        Optional<String> fault = new CudaBackend().unavailable();
        Assumptions.assumeTrue(fault.isEmpty(), fault.orElse(""));
    }

    private static void require(BaselineLibrary library) {
        BaselineLibrary.Found found = library.find();
        Assumptions.assumeTrue(found.where().isPresent(), found.detail());
    }

    private static int[] ints(MemorySegment device, int count) {
        int[] values = new int[count];
        DeviceClock.check(
                JCudaDriver.cuMemcpyDtoH(Pointer.to(values), new DeviceAddress(device), 4L * count), "cuMemcpyDtoH");
        return values;
    }

    private static byte[] bytes(MemorySegment device, int count) {
        byte[] values = new byte[count];
        DeviceClock.check(
                JCudaDriver.cuMemcpyDtoH(Pointer.to(values), new DeviceAddress(device), count), "cuMemcpyDtoH");
        return values;
    }

    @Test
    void cublasGemmEx_oddData_isTheTransposedProduct() {
        require(BaselineLibrary.CUBLAS);
        int size = 20;
        byte[] x = new byte[size * size];
        byte[] w = new byte[size * size];
        new Random(1).nextBytes(x);
        new Random(2).nextBytes(w);
        try (Gpu gpu = Gpu.open();
                Arena arena = Arena.ofShared();
                GemmBaseline.Call call = new JCublasGemm().open()) {
            MemorySegment d = gpu.room(4L * size * size, arena);

            call.enqueue(size, gpu.randomBytes(x.length, 1, arena), gpu.randomBytes(w.length, 2, arena), d);

            int[] sums = ints(d, size * size);
            for (int row = 0; row < size; row++) {
                for (int column = 0; column < size; column++) {
                    int expected = 0;
                    for (int k = 0; k < size; k++) {
                        expected += x[row * size + k] * w[column * size + k];
                    }
                    assertThat(sums[row * size + column])
                            .as("seeds 1 and 2, [%d][%d]", row, column)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ConvBaseline.Precision.class)
    void cudnnConvolutionForward_smallImage_isTheConvolution(ConvBaseline.Precision precision) {
        require(BaselineLibrary.CUDNN);
        ConvBaseline.Size size = new ConvBaseline.Size(2, 5, 8);
        int weights = 9 * size.channels() * size.channels();
        MemorySegment x = precision.random(size.elements(), 3);
        MemorySegment w = precision.random(weights, 4);
        int bytes = (int) (x.byteSize() / size.elements());
        try (Gpu gpu = Gpu.open();
                Arena arena = Arena.ofShared();
                ConvBaseline.Call call = new JCudnnConv(precision).open(size)) {
            MemorySegment y = gpu.room((long) size.elements() * bytes, arena);
            MemorySegment workspace = gpu.room(call.workspaceBytes(), arena);

            call.enqueue(gpu.device().upload(x, arena), gpu.device().upload(w, arena), y, workspace);

            MemorySegment out = MemorySegment.ofArray(bytes(y, size.elements() * bytes));
            for (int i = 0; i < size.elements(); i++) {
                double expected = convolved(size, precision, x, w, i);
                assertThat(value(precision, out, i))
                        .as("seeds 3 and 4, element %d", i)
                        .isCloseTo(expected, within(precision == ConvBaseline.Precision.INT8 ? 0 : FP16_TOLERANCE));
            }
        }
    }

    private static double convolved(
            ConvBaseline.Size size, ConvBaseline.Precision precision, MemorySegment x, MemorySegment w, int element) {
        int channels = size.channels();
        int filter = element % channels;
        int column = element / channels % size.extent();
        int row = element / channels / size.extent() % size.extent();
        int image = element / channels / size.extent() / size.extent();
        double sum = 0;
        for (int tap = 0; tap < 9; tap++) {
            int fromRow = row + tap / 3 - 1;
            int fromColumn = column + tap % 3 - 1;
            boolean inside = fromRow >= 0 && fromRow < size.extent() && fromColumn >= 0 && fromColumn < size.extent();
            for (int channel = 0; inside && channel < channels; channel++) {
                int pixel = (image * size.extent() + fromRow) * size.extent() + fromColumn;
                sum += value(precision, x, pixel * channels + channel)
                        * value(precision, w, (filter * 9 + tap) * channels + channel);
            }
        }
        return precision == ConvBaseline.Precision.INT8 ? Math.clamp(sum, -128, 127) : sum;
    }

    private static double value(ConvBaseline.Precision precision, MemorySegment values, long i) {
        return switch (precision) {
            case INT8 -> values.get(ValueLayout.JAVA_BYTE, i);
            case FP16 -> Float.float16ToFloat(values.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i));
            case FP32 -> values.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i);
        };
    }
}
