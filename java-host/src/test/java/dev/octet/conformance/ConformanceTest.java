package dev.octet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.runtime.SessionOptions;
import dev.octet.testing.SharedData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every comparable test of the conformance folder passes but for those in {@link UnsupportedCases}. */
class ConformanceTest {
    private static final int THREADS = 2;

    private record Result(ConformanceCase test, Outcome outcome) {}

    @Test
    void run_allSets_agreeWithExpectedOutputs() throws IOException {
        CaseRunner runner = new CaseRunner(SessionOptions.defaults().withThreads(THREADS));
        List<Result> results = ConformanceCases.in(SharedData.conformance()).parallelStream()
                .map(test -> new Result(test, judged(test, runner.run(test))))
                .toList();

        Map<String, int[]> counts = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        for (Result result : results) {
            int[] count = counts.computeIfAbsent(result.test.set(), _ -> new int[3]);
            String place = result.test.set() + "/" + result.test.name() + ": ";
            switch (result.outcome) {
                case Outcome.Passed _ -> count[0]++;
                case Outcome.Failed(String reason) -> {
                    count[1]++;
                    failures.add("failed " + place + reason);
                }
                case Outcome.Unsupported(String reason) -> {
                    count[2]++;
                    System.out.println("unsupported " + place + reason);
                }
            }
        }
        print(counts, failures);
        assertThat(results).as("tests found").isNotEmpty();
        assertThat(failures).isEmpty();
    }

    /** An optional operator may be unsupported, a required one only if the list says why. */
    private static Outcome judged(ConformanceCase test, Outcome outcome) {
        boolean listed = UnsupportedCases.REASONS.containsKey(test.name());
        return switch (outcome) {
            case Outcome.Passed _ ->
                listed ? new Outcome.Failed("passes; remove it from the unsupported tests") : outcome;
            case Outcome.Failed(String reason) -> listed ? new Outcome.Unsupported(reason) : outcome;
            case Outcome.Unsupported(String reason) -> {
                boolean exempt = listed || !test.required() || isForeign(test, reason);
                yield exempt ? outcome : new Outcome.Failed(reason);
            }
        };
    }

    /** Models taken from a runtime may use operators of domains that are not ONNX's. */
    private static boolean isForeign(ConformanceCase test, String reason) {
        return test.set().equals(ConformanceCases.RUNTIME_MODELS) && reason.contains("only ONNX's own domain is");
    }

    private static void print(Map<String, int[]> counts, List<String> failures) {
        failures.forEach(System.out::println);
        int[] total = new int[3];
        counts.forEach((set, count) -> {
            System.out.println(line(set, count));
            for (int i = 0; i < total.length; i++) {
                total[i] += count[i];
            }
        });
        System.out.println(line("conformance", total));
    }

    private static String line(String label, int[] count) {
        return label + ": " + count[0] + " passed, " + count[1] + " failed, " + count[2] + " unsupported";
    }
}
