package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.ArgExtreme;
import dev.octet.graph.op.ArgFunction;
import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.GlobalMaxPool;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.ReduceFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("cuda")
class ReduceCudaTest {
    private static final long SEED = 53;

    private static Tensor positive(DType type, long... dims) {
        Tensor x = TestTensors.uniform(type, Shape.of(dims), 1, SEED);
        for (long i = 0; i < x.elementCount(); i++) {
            x.setDouble(i, 1 + x.getDouble(i) / 2);
        }
        return x;
    }

    private static void reduce(ReduceFunction function, Tensor x, long... axes) {
        CudaOracle.of(new Reduce(function, true, false))
                .constants(1)
                .within(FloatTolerances.roundedOnce(x.dtype()), x, Tensor.vector(axes));
    }

    @ParameterizedTest
    @EnumSource(ReduceFunction.class)
    void reduce_lastAxis_isCloseToTheOracle(ReduceFunction function) {
        reduce(function, positive(DType.F32, 5, 3, 45), -1);
    }

    @ParameterizedTest
    @EnumSource(ReduceFunction.class)
    void reduce_firstAndThirdAxis_isCloseToTheOracle(ReduceFunction function) {
        reduce(function, positive(DType.F32, 3, 5, 4, 7), 0, 2);
    }

    @ParameterizedTest
    @EnumSource(ReduceFunction.class)
    void reduce_fp16_isCloseToTheOracle(ReduceFunction function) {
        reduce(function, positive(DType.F16, 3, 5, 7), 1);
        reduce(function, positive(DType.F16, 3, 5, 7), 0, 2);
    }

    @Test
    void reduce_longRow_isCloseToTheOracle() {
        reduce(ReduceFunction.MEAN, TestTensors.uniform(DType.F32, Shape.of(2, 4099), 3, SEED), 1);
        reduce(ReduceFunction.SUM, TestTensors.uniform(DType.F32, Shape.of(67, 71), 3, SEED), 0, 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = ReduceFunction.class,
            names = {"MAX", "MIN", "SUM"})
    void reduce_nanAmongValues_isNaN(ReduceFunction function) {
        Tensor x = positive(DType.F32, 2, 40);
        x.setFloat(39, Float.NaN);

        Tensor y = CudaOracle.of(new Reduce(function, true, false))
                .constants(1)
                .onDevice(CudaOracle.present(x, Tensor.vector(1)))
                .getFirst();

        assertThat(y.getFloat(0)).isNaN();
        assertThat(y.getFloat(1)).isNotNaN();
    }

    @ParameterizedTest
    @EnumSource(
            value = ReduceFunction.class,
            names = {"SUM", "PROD", "MAX", "MIN", "L2", "LOG_SUM_EXP"})
    void reduce_noElements_isTheIdentity(ReduceFunction function) {
        CudaOracle.of(new Reduce(function, true, false))
                .constants(1)
                .exact(Tensor.allocate(DType.F32, Shape.of(3, 0)), Tensor.vector(1));
    }

    @ParameterizedTest
    @CsvSource({"F32,1", "F32,7", "F16,1"})
    void globalAverage_channelsLast_equalsTheOracle(DType type, int batch) {
        Tensor x = TestTensors.uniform(type, Shape.of(batch, 7, 5, 35), 3, SEED);

        CudaOracle oracle = CudaOracle.of(new GlobalAveragePool(Layout.CHANNELS_LAST));
        if (type == DType.F32) {
            oracle.exact(x);
        } else {
            oracle.within(FloatTolerances.roundedOnce(type), x);
        }
    }

    @Test
    void globalAverage_channelsFirst_isCloseToTheOracle() {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(3, 5, 7, 9), 3, SEED);

        CudaOracle.of(new GlobalAveragePool(Layout.CHANNELS_FIRST)).within(FloatTolerances.roundedOnce(DType.F32), x);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void globalMax_nanAmongValues_passesOverIt(Layout layout) {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(2, 5, 7, 3), 3, SEED);
        x.setFloat(17, Float.NaN);

        CudaOracle.of(new GlobalMaxPool(layout)).exact(x);
    }

    @ParameterizedTest
    @CsvSource({"MAX,0,false", "MAX,1,true", "MAX,2,false", "MIN,2,true", "MIN,1,false"})
    void argExtreme_tiesAndNaN_equalsTheOracle(ArgFunction function, int axis, boolean last) {
        Tensor x = FloatTolerances.wholes(DType.F32, Shape.of(5, 41, 43), SEED);
        x.setFloat(900, Float.NaN);
        x.setFloat(901, Float.NaN);

        CudaOracle.of(new ArgExtreme(function, axis, false, last)).exact(x);
    }

    @Test
    void argExtreme_fp16_equalsTheOracle() {
        Tensor x = FloatTolerances.wholes(DType.F16, Shape.of(3, 7, 5), SEED);

        CudaOracle.of(new ArgExtreme(ArgFunction.MAX, 1, true, false)).exact(x);
        CudaOracle.of(new ArgExtreme(ArgFunction.MAX, -1, true, false)).exact(x);
    }
}
