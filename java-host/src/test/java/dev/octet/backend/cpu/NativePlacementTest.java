package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.runtime.ThreadPlacement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NativePlacementTest {
    private static final long PATIENCE_SECONDS = 30;

    private final ThreadPlacement placement = new CpuBackend().placement();

    @Test
    void keepApart_aThread_runsOnAnyOtherProcessor() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "threads are placed on Linux alone");
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is one processor");
        assumeTrue(placement != ThreadPlacement.NONE, "there are no native kernels");
        CompletableFuture<Integer> number = new CompletableFuture<>();
        CountDownLatch placed = new CountDownLatch(1);
        CompletableFuture<Boolean> apart = new CompletableFuture<>();
        int avoided = placement.currentProcessor();
        Thread thread = Thread.ofPlatform().start(() -> {
            number.complete(placement.currentThread());
            apart.complete(await(placed) && staysOff(avoided));
        });

        placement.keepApart(new int[] {number.get(PATIENCE_SECONDS, TimeUnit.SECONDS)}, avoided);
        placed.countDown();

        assertThat(apart.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        thread.join();
    }

    @Test
    void keepApart_processorThatDoesNotExist_changesNothing() {
        placement.keepApart(new int[] {placement.currentThread()}, 1 << 20);
        placement.keepApart(new int[0], 0);

        assertThat(placement.currentThread()).isEqualTo(placement.currentThread());
    }

    @Test
    void placement_javaKernels_isLeftToTheSystem() {
        assertThat(new CpuBackend().withKernels("java").placement()).isSameAs(ThreadPlacement.NONE);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private boolean staysOff(int processor) {
        boolean off = true;
        for (int look = 0; look < 1000; look++) {
            off &= placement.currentProcessor() != processor;
            Thread.yield();
        }
        return off;
    }
}
