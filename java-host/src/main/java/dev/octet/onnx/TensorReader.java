package dev.octet.onnx;

import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.op.TypeCodes;
import dev.octet.tensor.DType;
import dev.octet.tensor.LimitException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/** Turns tensor messages into heap tensors. Everything about the payload is checked before memory is taken. */
final class TensorReader {
    static final int MAX_RANK = 64;

    private final MemorySegment source;
    private final Optional<ExternalData> folder;
    private final LoadBudget budget;

    /**
     * Creates the reader.
     *
     * @param source the file that the messages' regions refer to
     * @param folder empty where external data are not allowed
     * @param budget for the tensors read
     */
    TensorReader(MemorySegment source, Optional<ExternalData> folder, LoadBudget budget) {
        this.source = source;
        this.folder = folder;
        this.budget = budget;
    }

    /** The tensor; a fault names it. */
    Tensor read(TensorProto proto) {
        try {
            return decode(proto);
        } catch (ModelException e) {
            throw e.at("tensor \"" + Names.escape(proto.name()) + "\"");
        }
    }

    private Tensor decode(TensorProto proto) {
        if (proto.segmented()) {
            throw ModelException.unsupported("it is stored in segments (field segment)");
        }
        if (proto.dataType() == TypeCodes.STRING && (proto.rawData().isPresent() || proto.external())) {
            throw ModelException.invalid("a STRING tensor cannot be stored as raw or external bytes");
        }
        DType dtype = TypeCodes.dtype("data_type", proto.dataType());
        Shape shape = shape(proto.dims());
        long sizeBytes;
        try {
            sizeBytes = dtype.sizeBytes(shape.elementCount());
        } catch (ArithmeticException e) {
            throw new ModelException(
                    ModelException.Kind.INVALID, "the size of " + dtype.label() + shape + " overflows", e);
        }
        requireOnePayload(proto);
        if (proto.external()) {
            return readExternal(proto, dtype, shape);
        }
        if (proto.rawData().isPresent()) {
            return readRaw(proto.rawData().get(), dtype, shape, sizeBytes);
        }
        return readNumbers(proto, dtype, shape);
    }

    private static Shape shape(NumberList dims) {
        if (dims.size() > MAX_RANK) {
            throw ModelException.limit("rank " + dims.size() + " exceeds the rank limit " + MAX_RANK);
        }
        for (int i = 0; i < dims.size(); i++) {
            if (dims.get(i) < 0) {
                throw ModelException.invalid("extent " + dims.get(i) + " of axis " + i + " is negative");
            }
        }
        try {
            return Shape.of(dims.toArray());
        } catch (LimitException e) {
            throw new ModelException(
                    ModelException.Kind.INVALID,
                    "the element count overflows: dims " + Arrays.toString(dims.toArray()),
                    e);
        }
    }

    private static void requireOnePayload(TensorProto proto) {
        int payloads =
                (proto.external() ? 1 : 0) + (proto.rawData().isPresent() ? 1 : 0) + (proto.stringCount() > 0 ? 1 : 0);
        for (NumberList list : Arrays.asList(
                proto.floatData(), proto.int32Data(), proto.int64Data(), proto.doubleData(), proto.uint64Data())) {
            payloads += list.isEmpty() ? 0 : 1;
        }
        if (payloads > 1) {
            throw ModelException.invalid("two value fields are set (two payloads), expected one");
        }
    }

    private Tensor readRaw(Wire.Region raw, DType dtype, Shape shape, long sizeBytes) {
        if (raw.length() != sizeBytes) {
            throw ModelException.invalid(wrongSize(dtype, shape, sizeBytes + " bytes", raw.length() + ""));
        }
        Tensor tensor = allocate(dtype, shape);
        if (sizeBytes > 0) {
            tensor.data().copyFrom(source.asSlice(raw.offset(), raw.length()));
        }
        return normalized(tensor);
    }

    private static String wrongSize(DType dtype, Shape shape, String need, String has) {
        String empty = shape.elementCount() == 0 ? " (a 0-element tensor)" : "";
        return dtype.label() + shape + empty + " needs " + need + " but has " + has;
    }

    private Tensor readExternal(TensorProto proto, DType dtype, Shape shape) {
        ExternalData data = folder.orElseThrow(() -> ModelException.invalid("external data are not allowed here"));
        Tensor[] result = new Tensor[1];
        ExternalData.Target target = new ExternalData.Target() {
            @Override
            public long sizeBytes() {
                return dtype.sizeBytes(shape.elementCount());
            }

            @Override
            public MemorySegment allocate() {
                result[0] = TensorReader.this.allocate(dtype, shape);
                return result[0].data();
            }
        };
        data.read(proto.externalData(), target);
        return result[0] == null ? Tensor.allocate(dtype, shape) : normalized(result[0]);
    }

    /** Bytes have one form for each value: true is 1, and bits after the last element are 0. */
    private static Tensor normalized(Tensor tensor) {
        long count = tensor.elementCount();
        int bits = tensor.dtype().bits();
        if (tensor.dtype() == DType.BOOL) {
            for (long i = 0; i < count; i++) {
                tensor.setBits(i, tensor.bits(i) == 0 ? 0 : 1);
            }
        } else if (bits < 8 && count * bits % 8 != 0) {
            long last = tensor.data().byteSize() - 1;
            int mask = (1 << (count * bits % 8)) - 1;
            tensor.data().set(Tensor.S8_LAYOUT, last, (byte) (tensor.data().get(Tensor.S8_LAYOUT, last) & mask));
        }
        return tensor;
    }

    private Tensor allocate(DType dtype, Shape shape) {
        budget.take(dtype.sizeBytes(shape.elementCount()));
        return Tensor.allocate(dtype, shape);
    }

    private Tensor readNumbers(TensorProto proto, DType dtype, Shape shape) {
        NumberList field = field(proto, dtype);
        long perEntry = dtype.bits() < 8 ? 8 / dtype.bits() : 1;
        long need = Math.ceilDiv(shape.elementCount(), perEntry);
        if (field.isEmpty() && need > 0 && hasOtherPayload(proto)) {
            throw ModelException.invalid("the values are in a field that is not meant for " + dtype.label());
        }
        if (field.size() != need) {
            throw ModelException.invalid(wrongSize(dtype, shape, need + " values", field.size() + ""));
        }
        Tensor tensor = allocate(dtype, shape);
        for (int i = 0; i < field.size(); i++) {
            store(tensor, i, field.get(i));
        }
        return normalized(tensor);
    }

    private static boolean hasOtherPayload(TensorProto proto) {
        return !(proto.floatData().isEmpty()
                && proto.int32Data().isEmpty()
                && proto.int64Data().isEmpty()
                && proto.doubleData().isEmpty()
                && proto.uint64Data().isEmpty()
                && proto.stringCount() == 0);
    }

    private static NumberList field(TensorProto proto, DType dtype) {
        return switch (dtype) {
            case F32 -> proto.floatData();
            case F64 -> proto.doubleData();
            case S64 -> proto.int64Data();
            case U32, U64 -> proto.uint64Data();
            default -> proto.int32Data();
        };
    }

    private static void store(Tensor tensor, int i, long bits) {
        switch (tensor.dtype()) {
            case F32 -> tensor.setFloat(i, Float.intBitsToFloat((int) bits));
            case F64 -> tensor.setDouble(i, Double.longBitsToDouble(bits));
            case S64, U64 -> tensor.setLong(i, bits);
            case S32 -> tensor.setLong(i, inRange(i, bits, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case U32 -> tensor.setLong(i, inRange(i, bits, 0, 0xFFFF_FFFFL));
            case S16, S8 ->
                tensor.setLong(
                        i,
                        inRange(
                                i,
                                bits,
                                tensor.dtype().minInteger(),
                                tensor.dtype().maxInteger()));
            case U16 -> tensor.setLong(i, inRange(i, bits, 0, 0xFFFF));
            case F16, BF16 -> tensor.data().set(Tensor.S16_LAYOUT, i * 2L, (short) inRange(i, bits, 0, 0xFFFF));
            case BOOL, U8, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ, F8E8M0 ->
                tensor.data().set(Tensor.S8_LAYOUT, i, (byte) inRange(i, bits, 0, 0xFF));
            case S4, U4, F4E2M1, S2, U2 -> tensor.data().set(Tensor.S8_LAYOUT, i, (byte) inRange(i, bits, -0x80, 0xFF));
        }
    }

    private static long inRange(int index, long value, long min, long max) {
        if (value < min || value > max) {
            throw ModelException.invalid("element " + index + " = " + value + " is outside [" + min + ", " + max + "]");
        }
        return value;
    }

    /** The dense form of a sparse tensor: zeros but for the listed values. */
    Tensor readSparse(SparseTensorProto proto) {
        try {
            return densify(proto);
        } catch (ModelException e) {
            throw e.at("sparse tensor \"" + Names.escape(proto.name()) + "\"");
        }
    }

    private Tensor densify(SparseTensorProto proto) {
        Tensor values = read(proto.values().orElseThrow(() -> ModelException.invalid("it has no values")));
        Shape shape = shape(proto.dims());
        long count = values.elementCount();
        if (values.shape().rank() != 1 || count > shape.elementCount()) {
            throw ModelException.invalid("values " + values + " do not fit dims " + shape);
        }
        if (shape.elementCount() > SPARSE_LIMIT) {
            throw ModelException.limit(shape.elementCount() + " elements when dense, limit " + SPARSE_LIMIT);
        }
        Tensor dense = allocate(values.dtype(), shape);
        if (count == 0) {
            return dense;
        }
        Tensor indices = read(proto.indices().orElseThrow(() -> ModelException.invalid("it has no indices")));
        boolean linear = indices.shape().equals(Shape.of(count));
        if (indices.dtype() != DType.S64 || !(linear || indices.shape().equals(Shape.of(count, shape.rank())))) {
            throw ModelException.invalid("indices " + indices + " do not fit values " + values + " and dims " + shape);
        }
        long[] strides = shape.strides();
        for (int i = 0; i < count; i++) {
            long position = linear ? indices.getLong(i) : position(indices, i, shape, strides);
            if (position < 0 || position >= shape.elementCount()) {
                throw ModelException.invalid("index " + position + " of entry " + i + " is outside dims " + shape);
            }
            copyElement(values, i, dense, position);
        }
        return dense;
    }

    /** A sparse tensor may be tiny in the file and huge when dense. */
    private static final long SPARSE_LIMIT = 1L << 26;

    private static long position(Tensor indices, int row, Shape shape, long[] strides) {
        long position = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            long index = indices.getLong((long) row * strides.length + axis);
            if (index < 0 || index >= shape.dim(axis)) {
                return -1;
            }
            position += index * strides[axis];
        }
        return position;
    }

    private static void copyElement(Tensor from, long i, Tensor to, long j) {
        int bits = from.dtype().bits();
        if (bits <= 8) {
            to.setBits(j, from.bits(i));
        } else {
            long width = bits / 8;
            MemorySegment.copy(from.data(), i * width, to.data(), j * width, width);
        }
    }
}
