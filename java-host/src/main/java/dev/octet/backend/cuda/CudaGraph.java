package dev.octet.backend.cuda;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/** Work recorded from a stream, to be launched as one. */
final class CudaGraph {
    private final CUgraphExec executable;

    private CudaGraph(CUgraphExec executable) {
        this.executable = executable;
    }

    /** Records what {@code work} enqueues on the stream, without doing it. */
    static CudaGraph record(CudaStream stream, Runnable work) {
        // Relaxed, because preparing a launch may allocate work memory, and other threads go on meanwhile.
        CudaResult.check(
                JCudaDriver.cuStreamBeginCapture(stream.handle(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED),
                "starting to record a run");
        CUgraph graph = new CUgraph();
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            if (JCudaDriver.cuStreamEndCapture(stream.handle(), graph) == CUresult.CUDA_SUCCESS) {
                stream.device().release(() -> JCudaDriver.cuGraphDestroy(graph), "destroying a graph");
            }
            throw e;
        }
        CudaResult.check(JCudaDriver.cuStreamEndCapture(stream.handle(), graph), "recording a run");
        CUgraphExec executable = new CUgraphExec();
        int made = JCudaDriver.cuGraphInstantiate(executable, graph, 0);
        stream.device().release(() -> JCudaDriver.cuGraphDestroy(graph), "destroying a graph");
        CudaResult.check(made, "preparing the recorded run");
        return new CudaGraph(executable);
    }

    void launch(CudaStream stream) {
        CudaResult.check(JCudaDriver.cuGraphLaunch(executable, stream.handle()), "launching the recorded run");
    }

    void close(CudaDevice device) {
        device.release(() -> JCudaDriver.cuGraphExecDestroy(executable), "destroying a graph");
    }
}
