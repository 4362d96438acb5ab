package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.FusedConv;
import dev.octet.quant.ActivationScheme;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
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
        return QuantizationGraphs.quantize(graph, options, GraphRun.ranges(graph, input(seed)));
    }

    private static void assertIdempotent(List<Pass> passes, Graph graph, String what) {
        Graph current = graph;
        for (Pass pass : passes) {
            current = pass.apply(current);
            assertThat(pass.apply(current)).as("%s, %s applied twice", what, pass.name()).isSameAs(current);
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
                .forEach((name, tensor) -> LoweringContract.assertClose(
                        tensor, Objects.requireNonNull(expected.get(name)), FOLDING_TOLERANCE, "seed " + seed + ", " + name));
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

    private static Graph quantizedEverywhere(long seed) {
        Graph graph = floatGraph(seed);
        QuantizationOptions options =
                QuantizationOptions.DEFAULT.withActivations(ActivationScheme.values()[(int) (seed % 3)]);
        return QuantizedEverywhere.of(graph, options, GraphRun.ranges(graph, input(seed)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void lower_randomNetwork_eachNodeIsWithinOneStep(long seed) {
        LoweringContract.check(quantized(seed), input(seed), "seed " + seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void lower_networkQuantizedEverywhere_eachNodeIsWithinOneStep(long seed) {
        Graph graph = quantizedEverywhere(seed);

        LoweringContract.check(graph, input(seed), "seed " + seed);
        assertIdempotent(Pipelines.lower(GraphRun.EVALUATOR), graph, "seed " + seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void lower_channelsLast_keepsEveryBitOfIntegers(long seed) {
        List<Pass> lowering = Pipelines.lower(GraphRun.EVALUATOR);
        Graph before = PassRunner.run(lowering, quantized(seed), LoweringContract.indexAfter(lowering, "FuseConvActivation"));

        Graph result = PassRunner.run(lowering, quantized(seed));

        boolean sumsFloats = before.nodes().stream().anyMatch(node -> node.op() instanceof FusedConv);
        Map<String, Tensor> expected = GraphRun.outputs(before, input(seed));
        GraphRun.outputs(result, input(seed))
                .forEach((name, tensor) -> LoweringContract.assertClose(
                        tensor,
                        Objects.requireNonNull(expected.get(name)),
                        sumsFloats ? LoweringContract.SUM_TOLERANCE : LoweringContract.SUM_TOLERANCE / 10,
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
                .forEach((name, tensor) -> LoweringContract.assertClose(
                        tensor, Objects.requireNonNull(expected.get(name)), FOLDING_TOLERANCE, "seed " + seed + ", " + name));
    }
}
