package dev.octet.onnx;

import dev.octet.graph.ModelException;
import dev.octet.tensor.DType;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** ONNX's codes of element types (TensorProto.DataType). */
final class DataTypes {
    static final int STRING = 8;

    private static final Map<Long, DType> BY_CODE = new HashMap<>();
    private static final Map<DType, Integer> CODES = new EnumMap<>(DType.class);

    static {
        put(1, DType.F32);
        put(2, DType.U8);
        put(3, DType.S8);
        put(4, DType.U16);
        put(5, DType.S16);
        put(6, DType.S32);
        put(7, DType.S64);
        put(9, DType.BOOL);
        put(10, DType.F16);
        put(11, DType.F64);
        put(12, DType.U32);
        put(13, DType.U64);
        put(16, DType.BF16);
        put(17, DType.F8E4M3FN);
        put(18, DType.F8E4M3FNUZ);
        put(19, DType.F8E5M2);
        put(20, DType.F8E5M2FNUZ);
        put(21, DType.U4);
        put(22, DType.S4);
        put(23, DType.F4E2M1);
        put(24, DType.F8E8M0);
        put(25, DType.U2);
        put(26, DType.S2);
    }

    private DataTypes() {}

    private static void put(int code, DType dtype) {
        BY_CODE.put((long) code, dtype);
        CODES.put(dtype, code);
    }

    static int code(DType dtype) {
        return java.util.Objects.requireNonNull(CODES.get(dtype));
    }

    /**
     * The element type of a code.
     *
     * @throws ModelException if ONNX has no such code, or only in types that are not numbers or complex
     */
    static DType dtype(long code) {
        DType dtype = BY_CODE.get(code);
        if (dtype != null) {
            return dtype;
        }
        if (code == STRING || code == 14 || code == 15) {
            throw ModelException.unsupported("data_type " + code + (code == STRING ? " (STRING)" : " (complex)"));
        }
        throw ModelException.invalid("data_type " + code + " is no ONNX type");
    }
}
