package dev.octet.backend.cuda;

import dev.octet.runtime.Lane;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** A stream with the device memory and the pinned host memory of one run, and the CUDA graph of its work. */
final class CudaLane implements Lane {
    private static final double NANOS_PER_MILLI = 1e6;

    private final CudaDevice device;
    private final Arena arena = Arena.ofShared();
    private final CudaStream stream;
    private final MemorySegment memory;
    private final MemorySegment staging;
    private final List<CUevent> marks = new ArrayList<>();
    private final Optional<NvtxRanges> ranges = NvtxRanges.find();
    private Optional<CudaGraph> graph = Optional.empty();
    private boolean warm;

    CudaLane(CudaDevice device, long deviceBytes, long stagingBytes) {
        this.device = device;
        this.stream = new CudaStream(device);
        try {
            this.memory = device.allocate(deviceBytes, arena);
            this.staging = device.allocatePinned(stagingBytes, arena);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    CudaStream stream() {
        return stream;
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public MemorySegment staging() {
        return staging;
    }

    @Override
    public void upload(MemorySegment from, MemorySegment to) {
        if (from.byteSize() > 0) {
            device.makeCurrent();
            CudaResult.check(
                    JCudaDriver.cuMemcpyHtoDAsync(
                            NativeAddress.device(to), NativeAddress.host(from), from.byteSize(), stream.handle()),
                    "copying " + from.byteSize() + " bytes to " + device.name());
        }
    }

    @Override
    public void download(MemorySegment from, MemorySegment to) {
        if (from.byteSize() > 0) {
            device.makeCurrent();
            CudaResult.check(
                    JCudaDriver.cuMemcpyDtoHAsync(
                            NativeAddress.host(to), NativeAddress.device(from), from.byteSize(), stream.handle()),
                    "copying " + from.byteSize() + " bytes from " + device.name());
        }
    }

    @Override
    public void repeat(Runnable work) {
        device.makeCurrent();
        if (!warm) {
            // Once without recording: what is made on first use, such as work memory, cannot be made while recording.
            work.run();
            warm = true;
            return;
        }
        if (graph.isEmpty()) {
            graph = Optional.of(CudaGraph.record(stream, work));
        }
        graph.get().launch(stream);
    }

    @Override
    public void openRange(String name) {
        ranges.ifPresent(nvtx -> nvtx.open(name));
    }

    @Override
    public void closeRange() {
        ranges.ifPresent(NvtxRanges::close);
    }

    @Override
    public void mark(int number) {
        device.makeCurrent();
        while (marks.size() <= number) {
            CUevent event = new CUevent();
            CudaResult.check(JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT), "creating an event");
            marks.add(event);
        }
        CudaResult.check(JCudaDriver.cuEventRecord(marks.get(number), stream.handle()), "recording an event");
    }

    @Override
    public long elapsedNanos(int from, int to) {
        device.makeCurrent();
        float[] millis = new float[1];
        CudaResult.check(
                JCudaDriver.cuEventElapsedTime(millis, marks.get(from), marks.get(to)), "reading the time of a step");
        return Math.round(millis[0] * NANOS_PER_MILLI);
    }

    @Override
    public void finish() {
        device.makeCurrent();
        stream.finish();
    }

    @Override
    public void close() {
        device.abandon(stream);
        graph.ifPresent(recorded -> recorded.close(device));
        for (CUevent event : marks) {
            device.release(() -> JCudaDriver.cuEventDestroy(event), "destroying an event");
        }
        stream.close();
        arena.close();
    }
}
