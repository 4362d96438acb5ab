package dev.octet.bench.gpu;

import dev.octet.backend.cuda.lt.BaselineLibrary;
import java.lang.foreign.MemorySegment;
import jcuda.LogLevel;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;

/** cublasGemmEx of cuBLAS 12 through JCublas2, in the form that reaches tensor cores: w transposed, x not. */
final class JCublasGemm implements GemmBaseline {
    /** CUBLAS_GEMM_DEFAULT. */
    private static final int DEFAULT_ALGORITHM = -1;

    @Override
    public String name() {
        return "JCublas2 cublasGemmEx";
    }

    @Override
    public Call open() {
        BaselineLibrary.CUBLAS.load();
        JCublas2.setLogLevel(LogLevel.LOG_QUIET);
        JCublas2.setExceptionsEnabled(false);
        cublasHandle handle = new cublasHandle();
        check(JCublas2.cublasCreate(handle), "cublasCreate");
        return new Call() {
            @Override
            public void enqueue(int size, MemorySegment x, MemorySegment w, MemorySegment d) {
                int result = JCublas2.cublasGemmEx_new(
                        handle,
                        cublasOperation.CUBLAS_OP_T,
                        cublasOperation.CUBLAS_OP_N,
                        size,
                        size,
                        size,
                        Pointer.to(new int[] {1}),
                        new DeviceAddress(w),
                        cudaDataType.CUDA_R_8I,
                        size,
                        new DeviceAddress(x),
                        cudaDataType.CUDA_R_8I,
                        size,
                        Pointer.to(new int[] {0}),
                        new DeviceAddress(d),
                        cudaDataType.CUDA_R_32I,
                        size,
                        cublasComputeType.CUBLAS_COMPUTE_32I,
                        DEFAULT_ALGORITHM);
                check(result, "cublasGemmEx");
            }

            @Override
            public void close() {
                JCublas2.cublasDestroy(handle);
            }
        };
    }

    private static void check(int status, String call) {
        if (status != 0) {
            throw new IllegalStateException(call + " gave status " + status);
        }
    }
}
