package dev.octet.backend.cuda;

import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;

/** The float types that kernels are built for. */
final class FloatTypes {
    private FloatTypes() {}

    static boolean isReal(DType type) {
        return type == DType.F32 || type == DType.F16;
    }

    static boolean isReal(KernelSpec spec, int input) {
        return isReal(spec.inputs().dtype(input));
    }

    /** Whether all inputs that there are have the first one's type, f32 or f16. */
    static boolean areOneReal(KernelSpec spec) {
        DType type = spec.inputs().dtype(0);
        for (int i = 1; i < spec.inputs().count(); i++) {
            if (spec.inputs().has(i) && spec.inputs().dtype(i) != type) {
                return false;
            }
        }
        return isReal(type);
    }
}
