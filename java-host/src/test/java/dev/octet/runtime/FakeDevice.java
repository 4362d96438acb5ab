package dev.octet.runtime;

import dev.octet.tensor.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A device whose memory is host memory set apart. It computes some of {@link TestOps}, and nothing before the lane is
 * finished, so that a result read too early is seen. It counts what is open.
 */
@SuppressWarnings("restricted") // counts what its arenas free
final class FakeDevice implements Device {
    static final int NEVER = Integer.MAX_VALUE;

    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger recordings = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger enqueuedUntilFailure = new AtomicInteger(NEVER);
    final AtomicInteger lanesUntilFailure = new AtomicInteger(NEVER);

    private final Backend kernels = new TestOps.TestBackend();
    private final Set<Class<?>> ops;

    /** A device that has kernels for these operators. */
    FakeDevice(Class<?>... ops) {
        this.ops = Set.of(ops);
    }

    @Override
    public String name() {
        return "fake:0";
    }

    @Override
    public Optional<DeviceKernelFactory> kernel(KernelSpec spec) {
        if (!ops.contains(spec.node().op().getClass())) {
            return Optional.empty();
        }
        return kernels.kernel(spec)
                .map(factory -> new DeviceKernelFactory(
                        "fake_kernel", given -> new FakeKernel(factory.prepare().apply(given))));
    }

    private final class FakeKernel implements DeviceKernel {
        private final Kernel kernel;

        FakeKernel(Kernel kernel) {
            this.kernel = kernel;
        }

        @Override
        public void enqueue(KernelArgs args, Lane lane) {
            if (enqueuedUntilFailure.getAndDecrement() <= 0) {
                throw new BackendException("launch failed", 719, "FAKE_LAUNCH_FAILED");
            }
            ((FakeLane) lane).pending.add(() -> kernel.run(args, Workers.SINGLE));
        }

        @Override
        public boolean readsConstant(int input) {
            return true;
        }
    }

    @Override
    public void countIn(MemoryAccount account) {}

    @Override
    public void requireFree(String what, long need) {}

    @Override
    @SuppressWarnings("restricted") // counts when the arena closes what was uploaded
    public MemorySegment upload(MemorySegment host, Arena arena) {
        open.incrementAndGet();
        return arena.allocate(host.byteSize(), 64)
                .copyFrom(host)
                .reinterpret(host.byteSize(), arena, _ -> open.decrementAndGet());
    }

    @Override
    public Lane openLane(long deviceBytes, long stagingBytes) {
        if (lanesUntilFailure.getAndDecrement() <= 0) {
            throw new BackendException("out of memory", 2, "FAKE_OUT_OF_MEMORY");
        }
        open.incrementAndGet();
        return new FakeLane(deviceBytes, stagingBytes);
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }

    private final class FakeLane implements Lane {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory;
        private final MemorySegment staging;
        private final List<Runnable> pending = new ArrayList<>();
        private final Map<Integer, Long> marks = new HashMap<>();
        private Optional<List<Runnable>> record = Optional.empty();

        FakeLane(long deviceBytes, long stagingBytes) {
            memory = arena.allocate(Math.max(1, deviceBytes), 64);
            staging = arena.allocate(Math.max(1, stagingBytes), 64);
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
            pending.add(() -> to.copyFrom(from));
        }

        @Override
        public void download(MemorySegment from, MemorySegment to) {
            pending.add(() -> to.copyFrom(from));
        }

        @Override
        public void repeat(Runnable work) {
            if (record.isEmpty()) {
                work.run();
                recordings.incrementAndGet();
                record = Optional.of(List.copyOf(pending));
                pending.clear();
            }
            pending.addAll(record.get());
        }

        @Override
        public void mark(int number) {
            pending.add(() -> marks.put(number, (long) number));
        }

        @Override
        public long elapsedNanos(int from, int to) {
            return Optional.ofNullable(marks.get(to)).orElseThrow()
                    - Optional.ofNullable(marks.get(from)).orElseThrow();
        }

        @Override
        public void finish() {
            pending.forEach(Runnable::run);
            pending.clear();
        }

        @Override
        public void close() {
            open.decrementAndGet();
            arena.close();
        }
    }
}
