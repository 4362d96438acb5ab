package dev.octet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerPoolTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void forEach_anyTaskCount_runsEachOnce(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            for (int tasks : new int[] {0, 1, 2, 3, 17, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, tasks));

                pool.forEach(tasks, runs::incrementAndGet);

                for (int i = 0; i < tasks; i++) {
                    assertThat(runs.get(i)).as("task %d of %d", i, tasks).isOne();
                }
            }
        }
    }

    @Test
    void forEach_manyTinyCalls_losesNone() {
        AtomicLong sum = new AtomicLong();
        try (WorkerPool pool = new WorkerPool(3)) {
            for (int call = 0; call < 5000; call++) {
                pool.forEach(4, sum::addAndGet);
            }
        }

        assertThat(sum).hasValue(5000 * 6);
    }

    @Test
    void forEach_taskThrows_rethrowsAndStaysUsable() {
        try (WorkerPool pool = new WorkerPool(2)) {
            assertThatThrownBy(() -> pool.forEach(100, task -> {
                        if (task == 41) {
                            throw new IllegalArgumentException("task 41");
                        }
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("task 41");
            assertThatThrownBy(() -> pool.forEach(2, _ -> {
                        throw new AssertionError("an error");
                    }))
                    .isInstanceOf(AssertionError.class);

            AtomicLong sum = new AtomicLong();
            pool.forEach(10, sum::addAndGet);
            assertThat(sum).hasValue(45);
        }
    }

    @Test
    void forEach_nestedAndFromSeveralThreads_runsAll() throws Exception {
        AtomicLong sum = new AtomicLong();
        try (WorkerPool pool = new WorkerPool(2)) {
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                callers.add(Thread.ofPlatform().start(() -> {
                    for (int call = 0; call < 200; call++) {
                        pool.forEach(3, _ -> pool.forEach(5, _ -> sum.incrementAndGet()));
                    }
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }

        assertThat(sum).hasValue(4 * 200 * 15);
    }

    @Test
    void forEach_afterClose_runsOnTheCaller() {
        WorkerPool pool = new WorkerPool(2);
        pool.close();
        AtomicLong sum = new AtomicLong();

        pool.forEach(10, sum::addAndGet);

        assertThat(sum).hasValue(45);
    }

    @Test
    void forEach_helperIdleOrParked_takesPart() {
        try (WorkerPool pool = new WorkerPool(2)) {
            for (int call = 0; call < 200; call++) {
                // From no pause to one that outlasts the helper's spinning, the moment of parking included.
                LockSupport.parkNanos(call * 1000L);
                CountDownLatch both = new CountDownLatch(2);

                // Each task waits for the other: only two threads can finish the loop.
                pool.forEach(2, _ -> meet(both));

                assertThat(both.getCount()).as("call %d", call).isZero();
            }
        }
    }

    private static void meet(CountDownLatch both) {
        both.countDown();
        try {
            assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void forEach_loopsOfAllLengthsInTurns_runsTheTasksOfItsOwnLoop() {
        try (WorkerPool pool = new WorkerPool(3)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(8);
            for (int call = 0; call < 20_000; call++) {
                int tasks = 2 + call % 7;
                int stamp = call;

                pool.forEach(tasks, task -> runs.compareAndSet(task, stamp, stamp + 1));

                for (int task = 0; task < runs.length(); task++) {
                    assertThat(runs.get(task))
                            .as("task %d of %d, call %d", task, tasks, call)
                            .isEqualTo(task < tasks ? call + 1 : call);
                    runs.set(task, call + 1);
                }
            }
        }
    }

    @Test
    void forEach_warmedUp_allocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (WorkerPool pool = new WorkerPool(2)) {
            AtomicLong sum = new AtomicLong();
            IntConsumer body = sum::addAndGet;
            for (int call = 0; call < 50_000; call++) {
                pool.forEach(3, body);
            }

            long before = threads.getCurrentThreadAllocatedBytes();
            for (int call = 0; call < 10_000; call++) {
                pool.forEach(3, body);
            }

            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
        }
    }

    @Test
    void forEach_callerSeenOnAProcessor_keepsTheHelpersOffIt() {
        RecordingPlacement placement = new RecordingPlacement();
        try (WorkerPool pool = new WorkerPool(3, () -> placement)) {
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (placement.calls.isEmpty() && System.nanoTime() < deadline) {
                pool.forEach(2, _ -> {});
            }
            for (int call = 0; call < 100; call++) {
                pool.forEach(2, _ -> {});
            }
        }

        assertThat(placement.calls).hasSize(1);
        assertThat(placement.calls.get(0)).startsWith(7).hasSize(3).doesNotHaveDuplicates();
    }

    /** A caller on processor 7. */
    private static final class RecordingPlacement implements ThreadPlacement {
        private final AtomicInteger numbers = new AtomicInteger(100);
        private final List<int[]> calls = new ArrayList<>();

        @Override
        public int currentThread() {
            return numbers.incrementAndGet();
        }

        @Override
        public int currentProcessor() {
            return 7;
        }

        @Override
        public void keepApart(int[] threads, int processor) {
            calls.add(IntStream.concat(IntStream.of(processor), IntStream.of(threads))
                    .toArray());
        }
    }
}
