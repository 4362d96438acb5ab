package dev.octet.backend.cuda.lt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;

/** Values of cuBLASLt's binary interface, as in its public header; the same in versions 12 and 13. */
final class LtAbi {
    static final int TYPE_F32 = 0;
    static final int TYPE_F16 = 2;
    static final int TYPE_S8 = 3;
    static final int TYPE_S32 = 10;

    static final int COMPUTE_F32 = 68;
    static final int COMPUTE_S32 = 72;

    static final int OPERATION_NORMAL = 0;
    static final int OPERATION_TRANSPOSED = 1;

    /** Attributes of a product, 4 bytes each. */
    static final int MATMUL_POINTER_MODE = 2;

    static final int MATMUL_TRANSPOSE_A = 3;
    static final int MATMUL_TRANSPOSE_B = 4;

    /** Factors of the product's rows in device memory, the factor of what is added to it in host memory. */
    static final int POINTER_MODE_COLUMN_FACTORS = 4;

    /** 8 bytes. */
    static final int PREFERENCE_WORKSPACE_BYTES = 1;

    /** The first of four attributes of 4 bytes: the alignment of A, B, C and D. */
    static final int PREFERENCE_MIN_ALIGNMENT = 5;

    /** 8 bytes. */
    static final int CAPABILITY_NUMERICAL_FLAGS = 15;

    static final long NUMERICAL_FLAG_IMMA = 0x04;

    static final int STATUS_OK = 0;

    static final long ALGORITHM_BYTES = 64;

    /** {@code cublasLtMatmulHeuristicResult_t}. */
    static final StructLayout RESULT = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(ALGORITHM_BYTES / Long.BYTES, JAVA_LONG).withName("algorithm"),
            JAVA_LONG.withName("workspaceBytes"),
            JAVA_INT.withName("state"),
            JAVA_FLOAT.withName("waves"),
            MemoryLayout.sequenceLayout(4, JAVA_INT).withName("reserved"));

    static final long RESULT_WORKSPACE_BYTES = RESULT.byteOffset(PathElement.groupElement("workspaceBytes"));
    static final long RESULT_STATE = RESULT.byteOffset(PathElement.groupElement("state"));

    /** {@code cublasLtMatmulAlgo_t}. */
    static final MemoryLayout ALGORITHM =
            MemoryLayout.sequenceLayout(ALGORITHM_BYTES, JAVA_BYTE).withByteAlignment(Long.BYTES);

    private LtAbi() {}

    /** The library's name of a status, for messages. */
    static String statusName(int status) {
        return switch (status) {
            case STATUS_OK -> "CUBLAS_STATUS_SUCCESS";
            case 1 -> "CUBLAS_STATUS_NOT_INITIALIZED";
            case 3 -> "CUBLAS_STATUS_ALLOC_FAILED";
            case 7 -> "CUBLAS_STATUS_INVALID_VALUE";
            case 8 -> "CUBLAS_STATUS_ARCH_MISMATCH";
            case 11 -> "CUBLAS_STATUS_MAPPING_ERROR";
            case 13 -> "CUBLAS_STATUS_EXECUTION_FAILED";
            case 14 -> "CUBLAS_STATUS_INTERNAL_ERROR";
            case 15 -> "CUBLAS_STATUS_NOT_SUPPORTED";
            default -> "unknown status";
        };
    }
}
