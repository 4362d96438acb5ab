package dev.octet.backend.cpu;

import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Moves elements of one width from a tensor to another without looking at their values. Positions and strides count
 * elements. Types narrower than a byte share bytes: their moves must not run on several threads.
 */
final class ElementMover {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Tensor sourceTensor;
    private final Tensor targetTensor;
    private final MemorySegment source;
    private final MemorySegment target;
    private final int bits;

    ElementMover(Tensor source, Tensor target) {
        if (source.dtype() != target.dtype()) {
            throw new IllegalArgumentException("cannot move " + source + " to " + target);
        }
        this.sourceTensor = source;
        this.targetTensor = target;
        this.source = source.data();
        this.target = target.data();
        this.bits = source.dtype().bits();
    }

    /** Whether elements lie in bytes of their own. */
    static boolean isSplittable(DType dtype) {
        return dtype.bits() >= 8;
    }

    /** Copies a run of {@code count} elements. */
    void copy(long from, long to, long count) {
        if (bits >= 8) {
            long width = bits / 8;
            MemorySegment.copy(source, from * width, target, to * width, count * width);
        } else {
            strided(from, 1, to, 1, count);
        }
    }

    /** Stores the element at {@code from} {@code count} times. */
    void fill(long from, long to, long count) {
        if (bits == 8) {
            target.asSlice(to, count).fill(source.get(ValueLayout.JAVA_BYTE, from));
        } else {
            strided(from, 0, to, 1, count);
        }
    }

    /** Copies {@code count} elements, {@code fromStride} apart, to places {@code toStride} apart. */
    void strided(long from, long fromStride, long to, long toStride, long count) {
        switch (bits) {
            case 8 -> {
                for (long i = 0; i < count; i++) {
                    target.set(
                            ValueLayout.JAVA_BYTE,
                            to + i * toStride,
                            source.get(ValueLayout.JAVA_BYTE, from + i * fromStride));
                }
            }
            case 16 -> {
                for (long i = 0; i < count; i++) {
                    target.set(SHORT, (to + i * toStride) << 1, source.get(SHORT, (from + i * fromStride) << 1));
                }
            }
            case 32 -> {
                for (long i = 0; i < count; i++) {
                    target.set(INT, (to + i * toStride) << 2, source.get(INT, (from + i * fromStride) << 2));
                }
            }
            case 64 -> {
                for (long i = 0; i < count; i++) {
                    target.set(LONG, (to + i * toStride) << 3, source.get(LONG, (from + i * fromStride) << 3));
                }
            }
            default -> {
                for (long i = 0; i < count; i++) {
                    targetTensor.setBits(to + i * toStride, sourceTensor.bits(from + i * fromStride));
                }
            }
        }
    }
}
