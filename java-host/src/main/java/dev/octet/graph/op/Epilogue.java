package dev.octet.graph.op;

import dev.octet.tensor.DType;
import java.util.Optional;

/**
 * What happens to an int32 accumulator (bias already added) before it is stored. Formulas: {@code quant.Quantizer}.
 * Arrays have one entry an output channel, or one for all; they are copied in and must not be changed.
 */
public sealed interface Epilogue {
    DType dtype();

    /**
     * Requantizes to 8 bits. ReLU and Clip are folded into the limits.
     *
     * @param multipliers {@code (inputScale * weightScale) / outputScale}
     * @param residual a quantized tensor of the output's shape that is added before rounding
     */
    record ToInt8(DType dtype, float[] multipliers, int zeroPoint, int qmin, int qmax, Optional<Residual> residual)
            implements Epilogue {
        public ToInt8 {
            multipliers = multipliers.clone();
        }
    }

    /** A residual input: {@code multiplier = residualScale / outputScale}. */
    record Residual(DType dtype, float multiplier, int zeroPoint) {}

    /**
     * Dequantizes to fp32: {@code clamp(float(acc) * scale, min, max)}.
     *
     * @param scales {@code inputScale * weightScale}
     */
    record ToFloat(float[] scales, float min, float max) implements Epilogue {
        public ToFloat {
            scales = scales.clone();
        }

        @Override
        public DType dtype() {
            return DType.F32;
        }
    }
}
