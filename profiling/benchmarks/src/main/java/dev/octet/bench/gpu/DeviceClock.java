package dev.octet.bench.gpu;

import java.util.Arrays;
import jcuda.driver.CUevent;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** Times what is enqueued on the default stream of the current context, by the device's clock. */
final class DeviceClock {
    private static final int WARM_UPS = 5;
    private static final int ROUNDS = 31;
    private static final double NANOS_PER_MILLI = 1e6;

    private DeviceClock() {}

    /**
     * How long work took.
     *
     * @param medianNanos of all rounds
     * @param p95Nanos what 95 of 100 rounds did not exceed
     */
    record Timing(double medianNanos, double p95Nanos, int rounds) {
        static Timing of(double[] nanos) {
            double[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return new Timing(sorted[sorted.length / 2], sorted[sorted.length * 95 / 100], sorted.length);
        }
    }

    /** Runs the work several times, each run timed by itself after some that are not. */
    static Timing time(Runnable enqueue) {
        CUevent start = new CUevent();
        CUevent end = new CUevent();
        CUstream stream = new CUstream();
        check(JCudaDriver.cuEventCreate(start, 0), "cuEventCreate");
        check(JCudaDriver.cuEventCreate(end, 0), "cuEventCreate");
        try {
            double[] nanos = new double[ROUNDS];
            for (int round = -WARM_UPS; round < ROUNDS; round++) {
                check(JCudaDriver.cuEventRecord(start, stream), "cuEventRecord");
                enqueue.run();
                check(JCudaDriver.cuEventRecord(end, stream), "cuEventRecord");
                check(JCudaDriver.cuEventSynchronize(end), "cuEventSynchronize");
                if (round >= 0) {
                    float[] millis = new float[1];
                    check(JCudaDriver.cuEventElapsedTime(millis, start, end), "cuEventElapsedTime");
                    nanos[round] = millis[0] * NANOS_PER_MILLI;
                }
            }
            return Timing.of(nanos);
        } finally {
            JCudaDriver.cuEventDestroy(start);
            JCudaDriver.cuEventDestroy(end);
        }
    }

    /** Fails with the driver's name of the result unless it is success. */
    static void check(int result, String call) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw new IllegalStateException(call + ": " + CUresult.stringFor(result));
        }
    }
}
