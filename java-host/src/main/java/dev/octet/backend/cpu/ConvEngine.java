package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** The products and sums of a convolution of one geometry; what precedes is a reader, what follows a sink. */
interface ConvEngine {
    /** Weights as the engine wants them; values are {@code weight - zeroPoint of the output channel}. */
    float[][][] pack(Weights weights);

    /** Convolves a batch. The reader gives {@code x - zeroPoint}: padding holds zeros. */
    void run(MemorySegment x, FloatReader reader, float[][][] packed, RowSink sink, Workers workers);

    /**
     * Weights [M, C/group, kernel...].
     *
     * @param zeroPoints one, or one an output channel
     */
    record Weights(Tensor tensor, int[] zeroPoints) {
        private static final int[] NONE = {0};

        static Weights of(Tensor tensor) {
            return new Weights(tensor, NONE);
        }

        /** The value at a row-major index of an output channel. */
        float at(int channel, long index) {
            return tensor.getFloat(index) - zeroPoints[zeroPoints.length == 1 ? 0 : channel];
        }
    }

    /**
     * The engine for a geometry.
     *
     * @param exact whether all values are integers of magnitude at most 255, to be summed in int32
     */
    static ConvEngine of(ConvGeometry geometry, boolean exact) {
        // Where space is one position both layouts are the same memory, and channels make the longer rows.
        boolean point = geometry.pixels() == 1 && geometry.inPixels() == 1;
        if (geometry.layout() == Layout.CHANNELS_FIRST && !point) {
            return new ConvChannelsFirst(geometry, exact);
        }
        return geometry.isDepthwise() ? new ConvDepthwiseLast(geometry, exact) : new ConvChannelsLast(geometry, exact);
    }
}
