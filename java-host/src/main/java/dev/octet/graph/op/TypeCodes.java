package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.tensor.DType;
import java.util.Optional;

/** Element types as attributes carry them: the numbers of ONNX's TensorProto.DataType. */
public final class TypeCodes {
    public static final long STRING = 8;

    private static final long COMPLEX64 = 14;
    private static final long COMPLEX128 = 15;

    private TypeCodes() {}

    public static long code(DType dtype) {
        return switch (dtype) {
            case F32 -> 1;
            case U8 -> 2;
            case S8 -> 3;
            case U16 -> 4;
            case S16 -> 5;
            case S32 -> 6;
            case S64 -> 7;
            case BOOL -> 9;
            case F16 -> 10;
            case F64 -> 11;
            case U32 -> 12;
            case U64 -> 13;
            case BF16 -> 16;
            case F8E4M3FN -> 17;
            case F8E4M3FNUZ -> 18;
            case F8E5M2 -> 19;
            case F8E5M2FNUZ -> 20;
            case U4 -> 21;
            case S4 -> 22;
            case F4E2M1 -> 23;
            case F8E8M0 -> 24;
            case U2 -> 25;
            case S2 -> 26;
        };
    }

    /**
     * The element type of a code.
     *
     * @param place what holds the code, for messages
     * @throws ModelException if ONNX has no such code, or only for strings or complex numbers
     */
    public static DType dtype(String place, long code) {
        for (DType dtype : DType.values()) {
            if (code(dtype) == code) {
                return dtype;
            }
        }
        String text = place + "=" + code;
        if (code == STRING || code == COMPLEX64 || code == COMPLEX128) {
            throw ModelException.unsupported(
                    text + (code == STRING ? " (STRING)" : " (complex)") + " is not supported");
        }
        throw ModelException.invalid(text + " is no ONNX type");
    }

    /** The type an attribute names; empty if it is absent or 0. */
    static Optional<DType> read(Attributes attributes, String name) {
        long code = attributes.integer(name, 0);
        return code == 0 ? Optional.empty() : Optional.of(dtype(name, code));
    }
}
