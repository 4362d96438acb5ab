package dev.octet.backend.cuda;

import dev.octet.tensor.BackendException;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The one place that looks at what driver calls return. */
final class CudaResult {
    private CudaResult() {}

    /**
     * Checks a call.
     *
     * @param doing what the call was for, to follow "while"
     * @throws BackendException if it failed
     */
    static void check(int result, String doing) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw fault(result, doing, "");
        }
    }

    /** The fault of a failed call. */
    static BackendException fault(int result, String doing, String advice) {
        String name = CUresult.stringFor(result);
        return new BackendException(
                "CUDA failed while " + doing + ": " + name + " (" + result + ")" + description(result) + advice,
                result,
                name);
    }

    private static String description(int result) {
        String[] text = new String[1];
        boolean known = JCudaDriver.cuGetErrorString(result, text) == CUresult.CUDA_SUCCESS && text[0] != null;
        return known ? ", " + text[0] : "";
    }
}
