package dev.octet.runtime;

import dev.octet.tensor.ConfigException;
import dev.octet.tensor.JavaHeap;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a session runs.
 *
 * @param threads that share the work of one kernel, the caller's included
 * @param inFlight the most runs that {@link Session#runAsync} has under way at a time, each in memory of its own
 * @param memoryLimitBytes the most that constants, what kernels make of them, and the intermediate values of all concurrent
 *     runs may take
 * @param computeLimit the most operations (multiply-accumulates, or else elements moved) that a run may take; absent: 1e13
 *     on a CPU, 1e15 on another device
 * @param kernels which of the backend's kernels may be used: {@code auto}, or a name that the backend knows, such as
 *     {@code java}
 * @param listener told how long each step took, if wanted
 * @param place what stands in front of the message of every fault, such as the model's file
 */
public record SessionOptions(
        int threads,
        int inFlight,
        DeviceChoice device,
        long memoryLimitBytes,
        OptionalDouble computeLimit,
        String kernels,
        Optional<StepListener> listener,
        Optional<String> place) {
    // One run copies in while a second computes and a third copies out, and one more waits.
    private static final int DEFAULT_IN_FLIGHT = 4;

    public SessionOptions {
        if (threads < 1) {
            throw new ConfigException("threads is " + threads + ", must be at least 1");
        }
        if (inFlight < 1) {
            throw new ConfigException(inFlight + " runs in flight, must be at least 1");
        }
        if (computeLimit.isPresent() && !(computeLimit.getAsDouble() > 0)) {
            throw new ConfigException("the compute limit is " + computeLimit.getAsDouble() + ", must be positive");
        }
        if (memoryLimitBytes < 1) {
            throw new ConfigException("the memory limit is " + memoryLimitBytes + " bytes, must be positive");
        }
    }

    /** One thread a processor, the fastest device, three quarters of the machine's memory, the fastest kernels. */
    public static SessionOptions defaults() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new SessionOptions(
                processors,
                DEFAULT_IN_FLIGHT,
                DeviceChoice.AUTO,
                physicalMemoryBytes() / 4 * 3,
                OptionalDouble.empty(),
                "auto",
                Optional.empty(),
                Optional.empty());
    }

    public SessionOptions withThreads(int count) {
        return new SessionOptions(count, inFlight, device, memoryLimitBytes, computeLimit, kernels, listener, place);
    }

    public SessionOptions withInFlight(int runs) {
        return new SessionOptions(threads, runs, device, memoryLimitBytes, computeLimit, kernels, listener, place);
    }

    public SessionOptions withDevice(DeviceChoice choice) {
        return new SessionOptions(threads, inFlight, choice, memoryLimitBytes, computeLimit, kernels, listener, place);
    }

    public SessionOptions withMemoryLimit(long sizeBytes) {
        return new SessionOptions(threads, inFlight, device, sizeBytes, computeLimit, kernels, listener, place);
    }

    /** With another {@link #computeLimit}. */
    public SessionOptions withComputeLimit(double operations) {
        OptionalDouble limit = OptionalDouble.of(operations);
        return new SessionOptions(threads, inFlight, device, memoryLimitBytes, limit, kernels, listener, place);
    }

    public SessionOptions withKernels(String choice) {
        return new SessionOptions(threads, inFlight, device, memoryLimitBytes, computeLimit, choice, listener, place);
    }

    public SessionOptions withListener(StepListener stepListener) {
        return new SessionOptions(
                threads, inFlight, device, memoryLimitBytes, computeLimit, kernels, Optional.of(stepListener), place);
    }

    public SessionOptions withPlace(String inFront) {
        return new SessionOptions(
                threads, inFlight, device, memoryLimitBytes, computeLimit, kernels, listener, Optional.of(inFront));
    }

    private static long physicalMemoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : JavaHeap.limitBytes();
    }
}
