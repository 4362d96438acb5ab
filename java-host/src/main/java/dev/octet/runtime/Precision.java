package dev.octet.runtime;

import dev.octet.tensor.DType;

/** What kind of numbers a step computes with. */
public enum Precision {
    INT8,
    FP16,
    FP32,
    /** Everything else: shapes, indices, masks, double. */
    OTHER;

    /** The precision of a step whose data input has this element type. */
    static Precision of(DType dtype) {
        return switch (dtype) {
            case S8, U8 -> INT8;
            case F16, BF16 -> FP16;
            case F32 -> FP32;
            case F64, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ, F8E8M0, F4E2M1 -> OTHER;
            case S64, S32, S16, S4, S2, U64, U32, U16, U4, U2, BOOL -> OTHER;
        };
    }
}
