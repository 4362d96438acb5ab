package dev.octet.bench.gpu;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.runtime.DeviceChoice;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/** What a session adds to launching a graph and waiting for it: both by the host's clock, over 64 elements. */
final class ReplayBench {
    private static final int ELEMENTS = 64;
    private static final int WARM_UPS = 2000;
    private static final int ROUNDS = 5000;

    private ReplayBench() {}

    /**
     * Times by the host's clock.
     *
     * @param session a run of a session: inputs in, graph launched and waited for, outputs out
     * @param bare two copies recorded as a graph, launched and waited for through the driver alone
     * @param addedNanos the difference of the medians
     */
    record Entry(DeviceClock.Timing session, DeviceClock.Timing bare, double addedNanos) {}

    static Entry run(Gpu gpu) {
        DeviceClock.Timing session = session();
        DeviceClock.Timing bare = bare(gpu);
        return new Entry(session, bare, session.medianNanos() - bare.medianNanos());
    }

    private static DeviceClock.Timing session() {
        Graph graph = new Graph(
                "one step",
                List.of(ValueInfo.of("x", DType.F32, ELEMENTS)),
                List.of(ValueInfo.of("y", DType.S8, ELEMENTS)),
                List.of(new Node("step", QuantizeLinear.along(0), List.of("x", "scale", "zero"), List.of("y"))),
                Map.of("scale", Tensor.scalar(0.5f), "zero", Tensor.scalar(DType.S8, 0)));
        Map<String, Tensor> inputs = Map.of("x", Tensor.allocate(DType.F32, Shape.of(ELEMENTS)));
        SessionOptions options = SessionOptions.defaults().withDevice(new DeviceChoice.Cuda(0));
        try (Session session = Session.open(graph, options)) {
            return time(() -> session.run(inputs, (_, _) -> {}));
        }
    }

    private static DeviceClock.Timing bare(Gpu gpu) {
        CUstream stream = new CUstream();
        CUgraph graph = new CUgraph();
        CUgraphExec executable = new CUgraphExec();
        DeviceClock.check(JCudaDriver.cuStreamCreate(stream, 1), "cuStreamCreate");
        Pointer host = new Pointer();
        DeviceClock.check(JCudaDriver.cuMemAllocHost(host, ELEMENTS * Float.BYTES), "cuMemAllocHost");
        try (Arena arena = Arena.ofShared()) {
            MemorySegment device = gpu.room(ELEMENTS * Float.BYTES, arena);
            DeviceAddress address = new DeviceAddress(device);
            DeviceClock.check(
                    JCudaDriver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED),
                    "cuStreamBeginCapture");
            DeviceClock.check(
                    JCudaDriver.cuMemcpyHtoDAsync(address, host, ELEMENTS * Float.BYTES, stream), "cuMemcpyHtoDAsync");
            DeviceClock.check(JCudaDriver.cuMemcpyDtoHAsync(host, address, ELEMENTS, stream), "cuMemcpyDtoHAsync");
            DeviceClock.check(JCudaDriver.cuStreamEndCapture(stream, graph), "cuStreamEndCapture");
            DeviceClock.check(JCudaDriver.cuGraphInstantiate(executable, graph, 0), "cuGraphInstantiate");
            DeviceClock.Timing timing = time(() -> {
                DeviceClock.check(JCudaDriver.cuGraphLaunch(executable, stream), "cuGraphLaunch");
                DeviceClock.check(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize");
            });
            JCudaDriver.cuGraphExecDestroy(executable);
            JCudaDriver.cuGraphDestroy(graph);
            return timing;
        } finally {
            JCudaDriver.cuMemFreeHost(host);
            JCudaDriver.cuStreamDestroy(stream);
        }
    }

    private static DeviceClock.Timing time(Runnable run) {
        double[] nanos = new double[ROUNDS];
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            long start = System.nanoTime();
            run.run();
            long end = System.nanoTime();
            if (round >= 0) {
                nanos[round] = end - start;
            }
        }
        return DeviceClock.Timing.of(nanos);
    }
}
