package dev.octet.backend.cuda;

import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/** The arguments of a launch, in the order of the kernel's parameters. Not thread-safe. */
final class KernelParams {
    private static final int SLOT_BYTES = 8;
    private static final int FIRST_CAPACITY = 16;

    private long[] slots = new long[FIRST_CAPACITY];
    private int count;
    private final BitSet continued = new BitSet();

    /** The start of device memory; its contents are not touched. */
    KernelParams pointer(MemorySegment device) {
        return slot(device.address());
    }

    /** The start of a tensor in device memory. */
    KernelParams pointer(Tensor device) {
        return pointer(device.data());
    }

    KernelParams nullPointer() {
        return slot(0);
    }

    KernelParams s32(int value) {
        return slot(Integer.toUnsignedLong(value));
    }

    KernelParams s64(long value) {
        return slot(value);
    }

    KernelParams f32(float value) {
        return s32(Float.floatToRawIntBits(value));
    }

    /** A structure of 32-bit fields, passed by value. */
    KernelParams structure(int... fields) {
        for (int i = 0; i < fields.length; i += 2) {
            continued.set(count, i > 0);
            long high = i + 1 < fields.length ? fields[i + 1] : 0;
            slot(high << Integer.SIZE | Integer.toUnsignedLong(fields[i]));
        }
        return this;
    }

    /** A structure of 64-bit fields, passed by value. */
    KernelParams structure(long... fields) {
        for (int i = 0; i < fields.length; i++) {
            continued.set(count, i > 0);
            slot(fields[i]);
        }
        return this;
    }

    /** A structure passed by value whose fields, each of 8 bytes, are the arguments of another list. */
    KernelParams structure(KernelParams fields) {
        for (int i = 0; i < fields.count; i++) {
            continued.set(count, i > 0);
            slot(fields.slots[i]);
        }
        return this;
    }

    private KernelParams slot(long bits) {
        if (count == slots.length) {
            slots = java.util.Arrays.copyOf(slots, 2 * count);
        }
        slots[count] = bits;
        count++;
        return this;
    }

    /**
     * What cuLaunchKernel takes: an array of pointers to the arguments. Each argument starts a slot of 8 bytes; smaller
     * ones lie in the low bytes, as both the host and the device are little-endian, and structures fill the slots behind.
     */
    MemorySegment pack(Arena arena) {
        MemorySegment block = arena.allocate(Math.max(1, 2L * count) * SLOT_BYTES, SLOT_BYTES);
        int arguments = 0;
        for (int i = 0; i < count; i++) {
            long value = (long) (count + i) * SLOT_BYTES;
            block.set(ValueLayout.JAVA_LONG, value, slots[i]);
            if (!continued.get(i)) {
                block.set(ValueLayout.JAVA_LONG, (long) arguments * SLOT_BYTES, block.address() + value);
                arguments++;
            }
        }
        return block;
    }
}
