package dev.octet.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A dense row-major array of numbers: element type, shape and the memory that holds it.
 *
 * <p>A tensor does not own memory: one on the Java heap lives as long as it is reachable, one allocated from an
 * {@link Arena} until that arena closes. Element access converts between the element type and the Java type asked for;
 * loops over many elements use {@link #data()}. Not synchronized: concurrent readers are fine.
 */
public final class Tensor {
    public static final ValueLayout.OfFloat F32_LAYOUT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfDouble F64_LAYOUT =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfShort S16_LAYOUT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfInt S32_LAYOUT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfLong S64_LAYOUT =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfByte S8_LAYOUT = ValueLayout.JAVA_BYTE;

    /** The longest array that every JVM can make. */
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    /** Alignment of memory taken from an allocator, in bytes: a cache line, and a vector of AVX-512. */
    public static final int ALIGNMENT_BYTES = 64;

    private final DType dtype;
    private final Shape shape;
    private final MemorySegment data;

    private Tensor(DType dtype, Shape shape, MemorySegment data) {
        this.dtype = dtype;
        this.shape = shape;
        this.data = data;
    }

    /**
     * Wraps memory without copying it.
     *
     * @throws IllegalArgumentException if the segment's size is not exactly that of the elements
     */
    public static Tensor wrap(DType dtype, Shape shape, MemorySegment data) {
        long need = dtype.sizeBytes(shape.elementCount());
        if (data.byteSize() != need) {
            throw new IllegalArgumentException(
                    dtype.label() + shape + " needs " + need + " bytes but the segment has " + data.byteSize());
        }
        return new Tensor(dtype, shape, data);
    }

    /**
     * Allocates a zeroed tensor on the Java heap, 8-byte aligned.
     *
     * @throws LimitException if it is larger than a Java array can be: 16 GiB
     */
    public static Tensor allocate(DType dtype, Shape shape) {
        long sizeBytes = sizeBytes(dtype, shape);
        int length = arrayLength(Math.ceilDiv(sizeBytes, 8), dtype, shape);
        try {
            return new Tensor(
                    dtype, shape, MemorySegment.ofArray(new long[length]).asSlice(0, sizeBytes));
        } catch (OutOfMemoryError e) {
            throw new LimitException(
                    dtype.label() + shape + " needs " + sizeBytes + " bytes, more than is left of " + JavaHeap.limit(),
                    e);
        }
    }

    /** Allocates a tensor from an arena or another allocator; zeroed if the allocator does so. */
    public static Tensor allocate(DType dtype, Shape shape, SegmentAllocator allocator) {
        return new Tensor(dtype, shape, allocator.allocate(sizeBytes(dtype, shape), ALIGNMENT_BYTES));
    }

    private static long sizeBytes(DType dtype, Shape shape) {
        try {
            return dtype.sizeBytes(shape.elementCount());
        } catch (ArithmeticException e) {
            throw new LimitException(dtype.label() + shape + " needs more than 2^63 bytes", e);
        }
    }

    /** The length of a Java array, once it is known to be one. */
    private static int arrayLength(long length, DType dtype, Shape shape) {
        if (length > MAX_ARRAY) {
            throw new LimitException(
                    dtype.label() + shape + " needs a Java array of " + length + ", the limit is " + MAX_ARRAY);
        }
        return (int) length;
    }

    public static Tensor ofFloats(Shape shape, float... values) {
        return copyIn(DType.F32, shape, MemorySegment.ofArray(values));
    }

    public static Tensor ofLongs(Shape shape, long... values) {
        return copyIn(DType.S64, shape, MemorySegment.ofArray(values));
    }

    public static Tensor ofInts(Shape shape, int... values) {
        return copyIn(DType.S32, shape, MemorySegment.ofArray(values));
    }

    /** Makes an 8-bit tensor ({@link DType#S8}, {@link DType#U8} or {@link DType#BOOL}) from its bytes. */
    public static Tensor ofBytes(DType dtype, Shape shape, byte... values) {
        return copyIn(dtype, shape, MemorySegment.ofArray(values));
    }

    /** A 1-D tensor of int64, the type of shapes and axes in ONNX. */
    public static Tensor vector(long... values) {
        return ofLongs(Shape.of(values.length), values);
    }

    public static Tensor scalar(float value) {
        return ofFloats(Shape.SCALAR, value);
    }

    /** A scalar of any numeric type holding {@code value} converted by {@link #setDouble}. */
    public static Tensor scalar(DType dtype, double value) {
        Tensor tensor = allocate(dtype, Shape.SCALAR);
        tensor.setDouble(0, value);
        return tensor;
    }

    private static Tensor copyIn(DType dtype, Shape shape, MemorySegment source) {
        Tensor tensor = allocate(dtype, shape);
        if (source.byteSize() != tensor.data.byteSize()) {
            throw new IllegalArgumentException(dtype.label() + shape + " needs " + tensor.data.byteSize()
                    + " bytes but the values have " + source.byteSize());
        }
        tensor.data.copyFrom(source);
        return tensor;
    }

    public DType dtype() {
        return dtype;
    }

    public Shape shape() {
        return shape;
    }

    /** The elements, exactly {@code dtype.sizeBytes(elementCount)} bytes. */
    public MemorySegment data() {
        return data;
    }

    public long elementCount() {
        return shape.elementCount();
    }

    /** The same memory under another shape with as many elements. */
    public Tensor reshape(Shape newShape) {
        if (newShape.elementCount() != shape.elementCount()) {
            throw new IllegalArgumentException("cannot view " + shape + " as " + newShape);
        }
        return new Tensor(dtype, newShape, data);
    }

    /** A copy on the Java heap. */
    public Tensor copy() {
        Tensor copy = allocate(dtype, shape);
        copy.data.copyFrom(data);
        return copy;
    }

    /** Overwrites all elements; dtype and element count must be equal. */
    public void copyFrom(Tensor source) {
        if (source.dtype != dtype || source.elementCount() != elementCount()) {
            throw new IllegalArgumentException("cannot copy " + source + " into " + this);
        }
        data.copyFrom(source.data);
    }

    /** The element at a row-major index as a double; exact but for 64-bit integers beyond 2^53. */
    public double getDouble(long index) {
        return switch (dtype) {
            case F32 -> data.get(F32_LAYOUT, index * 4);
            case F64 -> data.get(F64_LAYOUT, index * 8);
            case F16 -> Float.float16ToFloat(data.get(S16_LAYOUT, index * 2));
            case BF16 -> Float.intBitsToFloat(data.get(S16_LAYOUT, index * 2) << 16);
            case F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ, F8E8M0, F4E2M1 -> SmallFloat.decode(dtype, bits(index));
            case U64 -> Unsigned64.toDouble(data.get(S64_LAYOUT, index * 8));
            case S64, S32, S16, S8, S4, S2, U32, U16, U8, U4, U2, BOOL -> getLong(index);
        };
    }

    public float getFloat(long index) {
        return switch (dtype) {
            case F32 -> data.get(F32_LAYOUT, index * 4);
            case S64 -> (float) data.get(S64_LAYOUT, index * 8);
            case U64 -> Unsigned64.toFloat(data.get(S64_LAYOUT, index * 8));
            default -> (float) getDouble(index);
        };
    }

    /** The element as a long: float types truncate toward zero, {@link DType#U64} gives its bits, true is 1. */
    public long getLong(long index) {
        return switch (dtype) {
            case S64, U64 -> data.get(S64_LAYOUT, index * 8);
            case S32 -> data.get(S32_LAYOUT, index * 4);
            case U32 -> Integer.toUnsignedLong(data.get(S32_LAYOUT, index * 4));
            case S16 -> data.get(S16_LAYOUT, index * 2);
            case U16 -> Short.toUnsignedLong(data.get(S16_LAYOUT, index * 2));
            case S8 -> data.get(S8_LAYOUT, index);
            case U8 -> Byte.toUnsignedLong(data.get(S8_LAYOUT, index));
            case BOOL -> data.get(S8_LAYOUT, index) != 0 ? 1 : 0;
            case S4, S2 -> signExtend(bits(index), dtype.bits());
            case U4, U2 -> bits(index);
            case F32, F64, F16, BF16, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ, F8E8M0, F4E2M1 ->
                (long) getDouble(index);
        };
    }

    /**
     * Stores a double: float types round to nearest even (the 8-bit and 4-bit ones saturate, as ONNX Cast does by
     * default), integers truncate toward zero and wrap, {@link DType#BOOL} is {@code value != 0}.
     */
    public void setDouble(long index, double value) {
        switch (dtype) {
            case F32 -> data.set(F32_LAYOUT, index * 4, (float) value);
            case F64 -> data.set(F64_LAYOUT, index * 8, value);
            case F16 -> data.set(S16_LAYOUT, index * 2, Float.floatToFloat16(SmallFloat.roundToOdd(value)));
            case BF16 -> data.set(S16_LAYOUT, index * 2, SmallFloat.toBfloat16(SmallFloat.roundToOdd(value)));
            case F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ, F8E8M0, F4E2M1 ->
                setBits(index, SmallFloat.encode(dtype, SmallFloat.roundToOdd(value), true));
            case BOOL -> data.set(S8_LAYOUT, index, (byte) (value != 0 ? 1 : 0));
            case U64 -> data.set(S64_LAYOUT, index * 8, Unsigned64.fromDouble(value));
            case S64, S32, S16, S8, S4, S2, U32, U16, U8, U4, U2 -> setLong(index, (long) value);
        }
    }

    public void setFloat(long index, float value) {
        if (dtype == DType.F32) {
            data.set(F32_LAYOUT, index * 4, value);
        } else {
            setDouble(index, value);
        }
    }

    /** Stores a long: integers keep the low bits, float types round to nearest. */
    public void setLong(long index, long value) {
        switch (dtype) {
            case S64, U64 -> data.set(S64_LAYOUT, index * 8, value);
            case S32, U32 -> data.set(S32_LAYOUT, index * 4, (int) value);
            case S16, U16 -> data.set(S16_LAYOUT, index * 2, (short) value);
            case S8, U8 -> data.set(S8_LAYOUT, index, (byte) value);
            case S4, S2, U4, U2 -> setBits(index, (int) value);
            case BOOL -> data.set(S8_LAYOUT, index, (byte) (value != 0 ? 1 : 0));
            case F32 -> data.set(F32_LAYOUT, index * 4, (float) value);
            case F64, F16, BF16, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ, F8E8M0, F4E2M1 -> setDouble(index, value);
        }
    }

    /** The raw bits of an element of at most 8 bits. */
    public int bits(long index) {
        int width = dtype.bits();
        long bit = index * width;
        return (data.get(S8_LAYOUT, bit >> 3) >> (bit & 7)) & ((1 << width) - 1);
    }

    /** Sets the raw bits of an element of at most 8 bits. */
    public void setBits(long index, int value) {
        int width = dtype.bits();
        long bit = index * width;
        int shift = (int) (bit & 7);
        int mask = ((1 << width) - 1) << shift;
        int old = data.get(S8_LAYOUT, bit >> 3);
        data.set(S8_LAYOUT, bit >> 3, (byte) ((old & ~mask) | ((value << shift) & mask)));
    }

    /** All elements converted to floats. */
    public float[] toFloats() {
        if (dtype == DType.F32) {
            return data.toArray(F32_LAYOUT);
        }
        float[] values = new float[arrayLength(elementCount(), dtype, shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = getFloat(i);
        }
        return values;
    }

    /** All elements converted by {@link #getLong}. */
    public long[] toLongs() {
        long[] values = new long[arrayLength(elementCount(), dtype, shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = getLong(i);
        }
        return values;
    }

    /** The raw bytes. */
    public byte[] toBytes() {
        return data.toArray(S8_LAYOUT);
    }

    /** Whether dtype, shape and every byte are equal. */
    public boolean contentEquals(Tensor other) {
        return dtype == other.dtype && shape.equals(other.shape) && data.mismatch(other.data) == -1;
    }

    private static long signExtend(int bits, int width) {
        return (long) bits << (64 - width) >> (64 - width);
    }

    /** Element type and shape, such as {@code f32[64,3,7,7]}. */
    @Override
    public String toString() {
        return dtype.label() + shape;
    }
}
