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
        byte[] bytes = row.bytes();
        addBias(row, sums, bias, channel, channelStep);
        float[] multipliers = row.spread(epilogue.multipliers(), channel, channelStep);
        epilogue.residual()
                .ifPresentOrElse(
                        added -> requantizeAdd(sums, multipliers, added, outIndex, bytes, row.width()),
                        () -> requantize(sums, multipliers, bytes, row.width()));
        MemorySegment.copy(bytes, 0, out, Tensor.S8_LAYOUT, outIndex, row.width());
    }

    static void addBias(RowAccumulator row, int[] sums, int[] bias, int channel, int channelStep) {
        if (bias.length == 0) {
            return;
        }
        int[] added = row.spread(bias, channel, channelStep);
        for (int j = 0; j < row.width(); j++) {
            sums[j] += added[j];
        }
    }

    private void requantize(int[] sums, float[] multipliers, byte[] bytes, int width) {
        int zeroPoint = epilogue.zeroPoint();
        int qmin = epilogue.qmin();
        int qmax = epilogue.qmax();
        for (int j = 0; j < width; j++) {
            bytes[j] = (byte) Quantizer.requantize(sums[j], multipliers[j], zeroPoint, qmin, qmax);
        }
    }

    private void requantizeAdd(
            int[] sums, float[] multipliers, Epilogue.Residual added, long outIndex, byte[] bytes, int width) {
        boolean signed = added.dtype().isSigned();
        int zeroPoint = epilogue.zeroPoint();
        int qmin = epilogue.qmin();
        int qmax = epilogue.qmax();
        MemorySegment.copy(residual, Tensor.S8_LAYOUT, outIndex, bytes, 0, width);
        for (int j = 0; j < width; j++) {
            int r = (signed ? bytes[j] : bytes[j] & 0xFF) - added.zeroPoint();
            bytes[j] = (byte)
                    Quantizer.requantizeAdd(sums[j], multipliers[j], r, added.multiplier(), zeroPoint, qmin, qmax);
        }
    }
}
