package dev.octet.backend.cpu;

import dev.octet.tensor.Shape;

/** Where the element of an operand lies that meets a given output element. For slow paths; see {@link Broadcast}. */
final class BroadcastIndex {
    private final long[] extents;
    private final long[] strides;
    private final long period;
    private final boolean periodic;

    BroadcastIndex(Shape operand, Shape output) {
        int rank = output.rank();
        extents = output.dims();
        strides = new long[rank];
        long[] own = operand.strides();
        boolean matching = true;
        for (int fromEnd = 1; fromEnd <= operand.rank(); fromEnd++) {
            boolean repeated = operand.dim(-fromEnd) == 1;
            strides[rank - fromEnd] = repeated ? 0 : own[operand.rank() - fromEnd];
            // All axes inside of one that varies must vary too, else the operand does not simply repeat itself.
            matching &= repeated || operand.strides()[operand.rank() - fromEnd] == innerCount(output, fromEnd);
        }
        period = Math.max(1, operand.elementCount());
        periodic = matching;
    }

    private static long innerCount(Shape output, int fromEnd) {
        return output.product(output.rank() - fromEnd + 1, output.rank());
    }

    long at(long flat) {
        if (periodic) {
            return flat % period;
        }
        long index = 0;
        long rest = flat;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            index += rest % extents[axis] * strides[axis];
            rest /= extents[axis];
        }
        return index;
    }
}
