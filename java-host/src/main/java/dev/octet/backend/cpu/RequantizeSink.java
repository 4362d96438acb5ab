package dev.octet.backend.cpu;

import dev.octet.graph.op.Epilogue;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Ends an integer product in 8 bits; formulas: {@link Quantizer#requantize} and {@link Quantizer#requantizeAdd}.
 *
 * @param bias s32, one entry a channel, or none
 * @param residual bytes of the output's shape; empty without a residual
 */
record RequantizeSink(MemorySegment out, Epilogue.ToInt8 epilogue, int[] bias, MemorySegment residual)
        implements RowSink {
    @Override
    public void store(RowAccumulator row, long outIndex, int channel, int channelStep) {
        int[] sums = row.integers();
        byte[] bytes = new byte[row.width()];
        addBias(sums, row.width(), bias, channel, channelStep);
        epilogue.residual()
                .ifPresentOrElse(
                        added -> requantizeAdd(sums, bytes, added, outIndex, channel, channelStep),
                        () -> requantize(sums, bytes, channel, channelStep));
        MemorySegment.copy(bytes, 0, out, Tensor.S8_LAYOUT, outIndex, bytes.length);
    }

    static void addBias(int[] sums, int width, int[] bias, int channel, int channelStep) {
        for (int j = 0; bias.length > 0 && j < width; j++) {
            sums[j] += bias[channel + j * channelStep];
        }
    }

    private void requantize(int[] sums, byte[] bytes, int channel, int channelStep) {
        float[] multipliers = epilogue.multipliers();
        int first = multipliers.length == 1 ? 0 : channel;
        int step = multipliers.length == 1 ? 0 : channelStep;
        for (int j = 0; j < bytes.length; j++) {
            bytes[j] = (byte) Quantizer.requantize(
                    sums[j], multipliers[first + j * step], epilogue.zeroPoint(), epilogue.qmin(), epilogue.qmax());
        }
    }

    private void requantizeAdd(
            int[] sums, byte[] bytes, Epilogue.Residual added, long outIndex, int channel, int channelStep) {
        float[] multipliers = epilogue.multipliers();
        int first = multipliers.length == 1 ? 0 : channel;
        int step = multipliers.length == 1 ? 0 : channelStep;
        boolean signed = added.dtype().isSigned();
        for (int j = 0; j < bytes.length; j++) {
            byte bits = residual.get(Tensor.S8_LAYOUT, outIndex + j);
            int r = (signed ? bits : bits & 0xFF) - added.zeroPoint();
            bytes[j] = (byte) Quantizer.requantizeAdd(
                    sums[j],
                    multipliers[first + j * step],
                    r,
                    added.multiplier(),
                    epilogue.zeroPoint(),
                    epilogue.qmin(),
                    epilogue.qmax());
        }
    }
}
