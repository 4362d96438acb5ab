package dev.octet.backend.cpu;

import dev.octet.graph.op.Epilogue;
import dev.octet.runtime.KernelArgs;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The sinks of the epilogues of integer convolutions and products: bias is input 2, residual input 3. */
final class Epilogues {
    private static final int[] NO_BIAS = {};

    private Epilogues() {}

    static RowSink sink(Epilogue epilogue, KernelArgs args) {
        int[] bias = args.has(2) ? ints(args.in(2)) : NO_BIAS;
        MemorySegment out = args.out(0).data();
        return switch (epilogue) {
            case Epilogue.ToInt8 toInt8 -> {
                boolean adds = toInt8.residual().isPresent();
                yield new RequantizeSink(out, toInt8, bias, adds ? args.in(3).data() : MemorySegment.NULL);
            }
            case Epilogue.ToFloat toFloat -> new DequantizeSink(out, toFloat, bias);
        };
    }

    static int[] ints(Tensor tensor) {
        return Arrays.stream(tensor.toLongs()).mapToInt(Math::toIntExact).toArray();
    }
}
