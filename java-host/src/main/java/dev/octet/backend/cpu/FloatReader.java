package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.tensor.DType;
import dev.octet.tensor.SmallFloat;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Reads elements of one type as floats; every type it takes converts exactly. */
interface FloatReader {
    /** Reads the element at a row-major index. */
    float get(MemorySegment data, long index);

    /** Reads {@code count} neighbours from {@code index}, which may be anywhere if there are none, into {@code into[at ...]}. */
    default void read(MemorySegment data, long index, float[] into, int at, int count) {
        for (int i = 0; i < count; i++) {
            into[at + i] = get(data, index + i);
        }
    }

    /** The same with {@code stride} elements from one to the next. */
    default void read(MemorySegment data, long index, long stride, float[] into, int at, int count) {
        if (stride == 1) {
            read(data, index, into, at, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            into[at + i] = get(data, index + i * stride);
        }
    }

    /** f32, copied in bulk. */
    FloatReader F32 = new FloatReader() {
        @Override
        public float get(MemorySegment data, long index) {
            return data.get(Tensor.F32_LAYOUT, index * 4);
        }

        @Override
        public void read(MemorySegment data, long index, float[] into, int at, int count) {
            if (count > 0) {
                MemorySegment.copy(data, Tensor.F32_LAYOUT, index * 4, into, at, count);
            }
        }
    };

    /** The reader of a type. */
    static FloatReader of(DType dtype) {
        return switch (dtype) {
            case F32 -> F32;
            case F16 -> (data, index) -> Float.float16ToFloat(data.get(Tensor.S16_LAYOUT, index * 2));
            case BF16 -> (data, index) -> Float.intBitsToFloat(data.get(Tensor.S16_LAYOUT, index * 2) << 16);
            case S8, U8, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ, F8E8M0 -> of(dtype, 0);
            case F64, F4E2M1, S64, S32, S16, S4, S2, U64, U32, U16, U4, U2, BOOL ->
                throw ModelException.unsupported("element type " + dtype.label());
        };
    }

    /** The reader of {@code value - zeroPoint} of a type of 8 bits. */
    static FloatReader of(DType dtype, int zeroPoint) {
        float[] table = new float[256];
        for (int bits = 0; bits < 256; bits++) {
            table[bits] = switch (dtype) {
                case S8 -> (byte) bits - zeroPoint;
                case U8 -> bits - zeroPoint;
                case F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ, F8E8M0 -> SmallFloat.decode(dtype, bits) - zeroPoint;
                case F32, F64, F16, BF16, F4E2M1, S64, S32, S16, S4, S2, U64, U32, U16, U4, U2, BOOL ->
                    throw ModelException.unsupported("element type " + dtype.label());
            };
        }
        return (data, index) -> table[data.get(Tensor.S8_LAYOUT, index) & 0xFF];
    }
}
