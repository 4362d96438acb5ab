package dev.octet.cli;

import dev.octet.runtime.PeerRuntime;
import dev.octet.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A peer that computes nothing, in at least the time that it is told for each file. */
final class SleepyPeer implements PeerRuntime {
    private final Map<Path, Long> nanos;
    private int open;

    SleepyPeer(Map<Path, Long> nanos) {
        this.nanos = Map.copyOf(nanos);
    }

    @Override
    public String name() {
        return "sleepy";
    }

    @Override
    public String version() {
        return "sleepy 1";
    }

    /** How many peers and prepared inputs are not closed. */
    int open() {
        return open;
    }

    @Override
    public Peer open(Path model, int threads) {
        open++;
        return new Sleeper(Optional.ofNullable(nanos.get(model)).orElseThrow());
    }

    private final class Sleeper implements Peer, Prepared {
        private final long nanos;

        Sleeper(long nanos) {
            this.nanos = nanos;
        }

        @Override
        public List<String> inputNames() {
            return List.of("x");
        }

        @Override
        public List<String> outputNames() {
            return List.of("y");
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs) {
            run();
            return Map.of();
        }

        @Override
        public Prepared prepare(Map<String, Tensor> inputs) {
            open++;
            return new Sleeper(nanos);
        }

        @Override
        public void run() {
            long start = System.nanoTime();
            long left = nanos;
            while (left > 0) {
                LockSupport.parkNanos(left);
                left = nanos - (System.nanoTime() - start);
            }
        }

        @Override
        public void close() {
            open--;
        }
    }
}
