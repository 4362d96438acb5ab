package dev.octet.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of ONNX Runtime 1.30's compute_scale_zp. */
class QuantSchemeTest {
    private static QuantParams.PerTensor params(QuantScheme scheme, float amin, float amax) {
        return scheme.fromRange(new QuantRange(amin, amax));
    }

    @Test
    void fromRange_symmetricS8_isMaxOver127() {
        assertThat(params(QuantScheme.SYMMETRIC_S8, -1, 2))
                .isEqualTo(new QuantParams.PerTensor(DType.S8, (float) (4.0 / 254), 0));
    }

    @Test
    void fromRange_affineNarrowS8_shiftsZeroPoint() {
        QuantScheme scheme = new QuantScheme(DType.S8, -127, 127, false, 0);

        assertThat(params(scheme, -1, 2)).isEqualTo(new QuantParams.PerTensor(DType.S8, (float) (3.0 / 254), -42));
    }

    @Test
    void fromRange_symmetricU8_hasZeroPoint128() {
        assertThat(params(QuantScheme.symmetric(DType.U8), -1, 2))
                .isEqualTo(new QuantParams.PerTensor(DType.U8, (float) (4.0 / 255), 128));
    }

    @Test
    void fromRange_affineU8_hasZeroPoint85() {
        assertThat(params(QuantScheme.AFFINE_U8, -1, 2))
                .isEqualTo(new QuantParams.PerTensor(DType.U8, (float) (3.0 / 255), 85));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "-0.0,0", "0,1e-39", "-1e-39,1e-39", "0,1.4e-45"})
    void fromRange_emptyOrTiny_hasScaleOneAndZeroPointZero(float amin, float amax) {
        for (QuantScheme scheme : new QuantScheme[] {
            QuantScheme.SYMMETRIC_S8,
            QuantScheme.AFFINE_U8,
            QuantScheme.symmetric(DType.U8),
            QuantScheme.affine(DType.S8)
        }) {
            assertThat(params(scheme, amin, amax)).isEqualTo(new QuantParams.PerTensor(scheme.dtype(), 1, 0));
        }
    }

    @Test
    void fromRange_minimumRange_widensUpwards() {
        assertThat(params(QuantScheme.AFFINE_U8.withMinimumRange(1e-4f), 0, 0))
                .isEqualTo(new QuantParams.PerTensor(DType.U8, (float) (1e-4f / 255.0), 0));
        assertThat(params(QuantScheme.SYMMETRIC_S8.withMinimumRange(1e-4f), 0, 0))
                .isEqualTo(new QuantParams.PerTensor(DType.S8, (float) (2e-4f / 254.0), 0));
    }

    @ParameterizedTest
    @CsvSource({
        "S8,-128,127,-127,127,-64,64",
        "U8,0,255,0,255,0,127",
        "S16,-32768,32767,-32767,32767,-16384,16384",
        "U16,0,65535,0,65535,0,32767",
        "S4,-8,7,-7,7,-4,3",
        "U4,0,15,0,15,0,7"
    })
    void limits_ofEachType_areThoseOfOnnxRuntime(
            DType dtype, int amin, int amax, int symMin, int symMax, int reducedMin, int reducedMax) {
        QuantScheme affine = QuantScheme.affine(dtype);
        QuantScheme symmetric = QuantScheme.symmetric(dtype);
        QuantScheme reduced = affine.reducedRange();

        assertThat(new int[] {affine.qmin(), affine.qmax()}).containsExactly(amin, amax);
        assertThat(new int[] {symmetric.qmin(), symmetric.qmax()}).containsExactly(symMin, symMax);
        assertThat(new int[] {reduced.qmin(), reduced.qmax()}).containsExactly(reducedMin, reducedMax);
    }

    @ParameterizedTest
    @CsvSource({"S8,0", "U8,128", "S16,0", "U16,32768", "S4,0", "U4,8"})
    void fromRange_symmetric_zeroPointDependsOnTypeOnly(DType dtype, int zeroPoint) {
        for (float amax : new float[] {1e-30f, 0.1f, 3, 1e30f}) {
            assertThat(params(QuantScheme.symmetric(dtype), -0.5f * amax, amax).zeroPoint())
                    .isEqualTo(zeroPoint);
        }
    }

    /** Computed with ONNX Runtime 1.30's compute_scale_zp on float32 inputs. */
    @ParameterizedTest
    @CsvSource({
        "-0.1,0.7,0x1.9b34cep-9,32",
        "-2.5,0.3,0x1.67ce34p-7,228",
        "0.5,6,0x1.818182p-6,0",
        "-3,-1,0x1.818182p-7,255",
        "-1e-3,123.456,0x1.efc3bcp-2,0",
    })
    void fromRange_affineU8_equalsOnnxRuntime(float amin, float amax, String scale, int zeroPoint) {
        assertThat(params(QuantScheme.AFFINE_U8, amin, amax))
                .isEqualTo(new QuantParams.PerTensor(DType.U8, Float.parseFloat(scale + "f"), zeroPoint));
    }

    @Test
    void fromRange_widestFloats_staysFinite() {
        QuantParams.PerTensor params = params(QuantScheme.AFFINE_U8, -Float.MAX_VALUE, Float.MAX_VALUE);

        assertThat(params.scale()).isEqualTo((float) (2.0 * Float.MAX_VALUE / 255));
        assertThat(params.zeroPoint()).isEqualTo(128);
    }

    @Test
    void forObserved_signAware_usesU8OnlyWithoutNegatives() {
        QuantRange positive = new QuantRange(0, 6);
        QuantRange mixed = new QuantRange(-0.25f, 6);

        assertThat(ActivationScheme.SIGN_AWARE.forObserved(positive).fromRange(positive))
                .isEqualTo(new QuantParams.PerTensor(DType.U8, (float) (6.0 / 255), 0));
        assertThat(ActivationScheme.SIGN_AWARE.forObserved(mixed).fromRange(mixed))
                .isEqualTo(new QuantParams.PerTensor(DType.S8, (float) (6.0 / 127), 0));
        assertThat(ActivationScheme.AFFINE.forObserved(mixed).dtype()).isEqualTo(DType.U8);
        assertThat(ActivationScheme.SYMMETRIC.forObserved(positive).dtype()).isEqualTo(DType.S8);
    }

    @Test
    void construct_limitsWithoutZero_areRefused() {
        assertThatThrownBy(() -> new QuantScheme(DType.S8, 1, 127, false, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new QuantScheme(DType.U8, 0, 256, false, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> QuantScheme.AFFINE_U8.withMinimumRange(Float.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
