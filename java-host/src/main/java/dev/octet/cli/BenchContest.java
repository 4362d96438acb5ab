package dev.octet.cli;

import dev.octet.report.BenchReport.Latency;
import dev.octet.report.BenchReport.Ratio;
import dev.octet.report.BenchReport.Run;
import dev.octet.runtime.PeerRuntime;
import dev.octet.runtime.Session;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Measures a model here and, in turns with it, in a peer on the same inputs. Neither side copies its outputs out.
 *
 * @param path the model's file
 * @param opponents empty to measure Octet alone
 */
record BenchContest(Path path, BenchInputs inputs, Optional<Opponents> opponents, BenchRounds.Limit limit) {
    private static final double NANOS = 1e9;

    /** A peer, and the files that it runs: the model and other forms of it with the same inputs. */
    record Opponents(PeerRuntime runtime, List<Path> models) {
        Opponents {
            models = List.copyOf(models);
        }
    }

    /**
     * What one thread count gave.
     *
     * @param runs ours, then the peer's in the order of its files
     */
    record Outcome(List<Run> runs, Optional<Ratio> ratio) {
        Outcome {
            runs = List.copyOf(runs);
        }
    }

    private record Setup(String runtime, Path model, String device) {}

    /** Measures with so many threads a run. */
    Outcome measure(Session session, int threads, Runnable progress) {
        Map<String, Shape> shapes = new HashMap<>();
        inputs.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        List<Setup> setups = new ArrayList<>();
        List<Runnable> runners = new ArrayList<>();
        setups.add(new Setup("octet", path, session.plan(shapes).backend()));
        runners.add(() -> session.run(inputs.tensors(), (_, _) -> {}));
        try (Opened opened = new Opened()) {
            opponents.ifPresent(others -> others.models().forEach(model -> {
                setups.add(new Setup(others.runtime().version(), model, "cpu"));
                runners.add(opened.prepared(others.runtime().open(model, threads), inputs.tensors())::run);
            }));
            BenchRounds rounds = new BenchRounds(runners);
            rounds.measure(limit, progress);
            return outcome(setups, rounds, threads);
        }
    }

    private Outcome outcome(List<Setup> setups, BenchRounds rounds, int threads) {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < setups.size(); i++) {
            Setup setup = setups.get(i);
            Latency latency = rounds.latency(i);
            runs.add(new Run(
                    setup.runtime(),
                    setup.model().toString(),
                    setup.device(),
                    threads,
                    Math.toIntExact(inputs.batch()),
                    latency,
                    inputs.batch() * NANOS / latency.medianNanos()));
        }
        Optional<Ratio> ratio = IntStream.range(1, runs.size())
                .boxed()
                .min(Comparator.comparingLong(i -> runs.get(i).latency().medianNanos()))
                .map(fastest -> new Ratio(
                        threads,
                        runs.get(fastest).model(),
                        (double) runs.get(fastest).latency().medianNanos()
                                / runs.get(0).latency().medianNanos(),
                        rounds.spread(fastest, 0)));
        return new Outcome(runs, ratio);
    }

    /** What the peer holds open, closed in reverse. */
    private static final class Opened implements AutoCloseable {
        private final List<Runnable> closings = new ArrayList<>();

        PeerRuntime.Prepared prepared(PeerRuntime.Peer peer, Map<String, Tensor> tensors) {
            closings.add(peer::close);
            PeerRuntime.Prepared prepared = peer.prepare(tensors);
            closings.add(prepared::close);
            return prepared;
        }

        @Override
        public void close() {
            closings.reversed().forEach(Runnable::run);
        }
    }
}
