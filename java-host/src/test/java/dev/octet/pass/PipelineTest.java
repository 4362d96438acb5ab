package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.FusedConv;
import dev.octet.quant.ActivationScheme;
import dev.octet.quant.QuantRange;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks drawn from seeds, through every pipeline: each pass keeps what the graph computes, within its contract. */
class PipelineTest {
    private static final long NETWORKS = 60;

    /**
     * Folding rounds each weight once more and float sums change their order: some units in the last place of the
     * largest term, of which a few hundred are added, 2^-24 each, through at most nine layers whose cancellation may
     * magnify it tenfold.
     */
    private static final double FOLDING_TOLERANCE = 2e-3;

    /** A float sum of at most 100 products against the exact integer sum, relative to the largest result. */
    private static final double SUM_TOLERANCE = 1e-4;

    static LongStream seeds() {
        return LongStream.range(0, NETWORKS);
    }

    private static Map<String, Tensor> input(long seed) {
        return Map.of("x", RandomNetwork.input(seed));
    }

    private static Graph apply(List<Pass> passes, Graph graph) {
        return PassRunner.run(passes, graph);
    }

    private static Graph floatGraph(long seed) {
        return apply(Pipelines.floatGraph(GraphRun.EVALUATOR), RandomNetwork.of(seed));
    }

    private static Graph quantized(long seed) {
        Graph graph = floatGraph(seed);
        QuantizationOptions options = QuantizationOptions.DEFAULT
                .withActivations(ActivationScheme.values()[(int) (seed % 3)])
                .withAveragePools(seed % 2 == 0);
        return QuantizationGraphs.quantize(graph, options, ranges(graph, input(seed)));
    }

    private static Map<String, QuantRange> ranges(Graph graph, Map<String, Tensor> inputs) {
        Map<String, QuantRange> ranges = new HashMap<>();
        GraphRun.values(graph, inputs).forEach((name, tensor) -> {
            if (tensor.dtype() == DType.F32 && tensor.elementCount() > 0) {
                float low = tensor.getFloat(0);
                float high = low;
                for (float value : tensor.toFloats()) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
                ranges.put(name, new QuantRange(low, high));
            }
        });
        return ranges;
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (long i = 0; i < tensor.elementCount(); i++) {
            largest = Math.max(largest, Math.abs(tensor.getDouble(i)));
        }
        return largest;
    }

    private static void assertClose(Tensor actual, Tensor expected, double tolerance, String what) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        double allowed = tolerance * Math.max(1e-6, largest(expected));
        for (long i = 0; i < actual.elementCount(); i++) {
            assertThat(Math.abs(actual.getDouble(i) - expected.getDouble(i)))
                    .as("%s, element %d: %s, expected %s", what, i, actual.getDouble(i), expected.getDouble(i))
                    .isLessThanOrEqualTo(allowed);
        }
    }

    private static void assertIdempotent(List<Pass> passes, Graph graph, String what) {
        Graph current = graph;
        for (Pass pass : passes) {
            current = pass.apply(current);
            assertThat(pass.apply(current))
                    .as("%s, %s applied twice", what, pass.name())
                    .isSameAs(current);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void floatGraph_randomNetwork_computesTheSame(long seed) {
        Graph graph = RandomNetwork.of(seed);

        Graph result = floatGraph(seed);

        assertThat(result.outputs()).isEqualTo(graph.outputs());
        Map<String, Tensor> expected = GraphRun.outputs(graph, input(seed));
        GraphRun.outputs(result, input(seed))
                .forEach((name, tensor) -> assertClose(
                        tensor,
                        Objects.requireNonNull(expected.get(name)),
                        FOLDING_TOLERANCE,
                        "seed " + seed + ", " + name));
        assertIdempotent(Pipelines.floatGraph(GraphRun.EVALUATOR), graph, "seed " + seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void propagateQdq_randomNetwork_keepsEveryBit(long seed) {
        Graph graph = quantized(seed);

        Graph result = apply(List.of(new PropagateQdq()), graph);

        Map<String, Tensor> expected = GraphRun.outputs(graph, input(seed));
        GraphRun.outputs(result, input(seed))
                .forEach((name, tensor) -> assertThat(tensor.contentEquals(Objects.requireNonNull(expected.get(name))))
                        .as("seed %d, %s", seed, name)
                        .isTrue());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void lower_randomNetwork_eachIntegerNodeIsWithinOneStep(long seed) {
        List<Pass> lowering = Pipelines.lower(GraphRun.EVALUATOR);
        int propagated = indexAfter(lowering, "PropagateQdq");
        int arranged = indexAfter(lowering, "LowerElementwise");
        Graph reference = PassRunner.run(lowering, quantized(seed), propagated);
        Graph lowered = PassRunner.run(lowering, quantized(seed), arranged);
        Map<String, Tensor> expected = GraphRun.values(reference, input(seed));

        Map<String, Tensor> values = new HashMap<>(lowered.constants());
        values.putAll(input(seed));
        for (Node node : lowered.nodes()) {
            GraphRun.run(node, values);
            for (String output : node.outputs()) {
                Tensor wanted = expected.get(output);
                Tensor actual = values.get(output);
                if (wanted != null && actual != null) {
                    assertWithinOneStep(actual, wanted, "seed " + seed + ", " + node.describe());
                    // Each node is judged on its own: the next one starts from the reference.
                    values.put(output, wanted);
                }
            }
        }
    }

    private static int indexAfter(List<Pass> passes, String name) {
        List<String> names = passes.stream().map(Pass::name).toList();
        assertThat(names).contains(name);
        return names.indexOf(name) + 1;
    }

    private static void assertWithinOneStep(Tensor actual, Tensor wanted, String what) {
        if (!wanted.dtype().isInteger()) {
            assertClose(actual, wanted, SUM_TOLERANCE, what);
            return;
        }
        for (long i = 0; i < actual.elementCount(); i++) {
            assertThat(Math.abs(actual.getLong(i) - wanted.getLong(i)))
                    .as("%s, element %d: %d, expected %d", what, i, actual.getLong(i), wanted.getLong(i))
                    .isLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void lower_channelsLast_keepsEveryBitOfIntegers(long seed) {
        List<Pass> lowering = Pipelines.lower(GraphRun.EVALUATOR);
        Graph before = PassRunner.run(lowering, quantized(seed), indexAfter(lowering, "FuseConvActivation"));

        Graph result = PassRunner.run(lowering, quantized(seed));

        boolean sumsFloats = before.nodes().stream().anyMatch(node -> node.op() instanceof FusedConv);
        Map<String, Tensor> expected = GraphRun.outputs(before, input(seed));
        GraphRun.outputs(result, input(seed))
                .forEach((name, tensor) -> assertClose(
                        tensor,
                        Objects.requireNonNull(expected.get(name)),
                        sumsFloats ? SUM_TOLERANCE : SUM_TOLERANCE / 10,
                        "seed " + seed + ", " + name));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void lower_randomNetwork_passesAreIdempotentAndOutputsKeepTheirNames(long seed) {
        Graph graph = quantized(seed);

        assertIdempotent(Pipelines.lower(GraphRun.EVALUATOR), graph, "seed " + seed);
        List<String> names = new ArrayList<>();
        apply(Pipelines.lower(GraphRun.EVALUATOR), graph).outputs().forEach(output -> names.add(output.name()));
        assertThat(names)
                .isEqualTo(RandomNetwork.of(seed).outputs().stream()
                        .map(ValueInfo::name)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void lower_floatNetwork_computesTheSame(long seed) {
        Graph graph = floatGraph(seed);

        Graph result = apply(Pipelines.lower(GraphRun.EVALUATOR), graph);

        Map<String, Tensor> expected = GraphRun.outputs(graph, input(seed));
        GraphRun.outputs(result, input(seed))
                .forEach((name, tensor) -> assertClose(
                        tensor,
                        Objects.requireNonNull(expected.get(name)),
                        FOLDING_TOLERANCE,
                        "seed " + seed + ", " + name));
    }
}
