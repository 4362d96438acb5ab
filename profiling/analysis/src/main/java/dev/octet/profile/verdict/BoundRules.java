package dev.octet.profile.verdict;

import dev.octet.profile.KernelTotal;
import dev.octet.profile.roofline.Bound;
import dev.octet.profile.roofline.LayerCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Rules on what bounds a run whatever its kernels. */
final class BoundRules {
    /** A node this close to the time its bytes need cannot gain from faster arithmetic. */
    private static final double NEAR_THE_ROOF = 0.6;

    /** Kernels shorter than a few launches: the GPU waits for the next one. */
    private static final long SHORT_NANOS = 5_000;

    private static final double MANY = 0.5;
    private static final double MUCH = 0.1;
    private static final String DRAM = "dram__throughput.avg.pct_of_peak_sustained_elapsed";

    private BoundRules() {}

    /** Nodes whose time goes into moving bytes, from counters or from the model's costs. */
    static List<Verdict> memoryBound(Comparison.Evidence evidence) {
        List<Verdict> verdicts = new ArrayList<>();
        for (NodePair node : evidence.nodes()) {
            long nanos = node.after().nanos(KernelKinds::onGpu);
            Optional<String> shown = byCounter(node).or(() -> byCost(evidence, node, nanos));
            shown.ifPresent(text -> verdicts.add(Verdict.at(
                    node,
                    Cause.MEMORY_BOUND,
                    text,
                    "arithmetic is not the bound: only fewer bytes help (fuse it with a neighbour, keep its tensors in"
                            + " INT8, a larger batch where weights dominate)",
                    byCounter(node).isPresent()
                            ? 0
                            : nanos - attainable(evidence, node).orElse(nanos))));
        }
        return verdicts;
    }

    private static Optional<String> byCounter(NodePair node) {
        return node.after().only(kernel -> KernelKinds.tensor(kernel) || KernelKinds.slowProduct(kernel)).stream()
                .filter(kernel -> kernel.counters().getOrDefault(DRAM, 0.0) >= 100 * NEAR_THE_ROOF)
                .findFirst()
                .map(kernel -> kernel.name() + " keeps the memory "
                        + KernelKinds.percent(kernel.counters().getOrDefault(DRAM, 0.0) / 100) + " busy (" + DRAM
                        + ")");
    }

    private static Optional<String> byCost(Comparison.Evidence evidence, NodePair node, long nanos) {
        Optional<LayerCost> cost = cost(evidence, node);
        boolean memory =
                cost.isPresent() && evidence.costs().orElseThrow().roofline().bound(cost.get()) == Bound.MEMORY;
        OptionalLong attainable = attainable(evidence, node);
        if (!memory || attainable.isEmpty() || attainable.getAsLong() < NEAR_THE_ROOF * nanos) {
            return Optional.empty();
        }
        return Optional.of("moves " + cost.get().bytes() + " bytes, which takes at least "
                + KernelKinds.micros(attainable.getAsLong()) + " of its " + KernelKinds.micros(nanos));
    }

    private static Optional<LayerCost> cost(Comparison.Evidence evidence, NodePair node) {
        return evidence.costs()
                .flatMap(costs -> node.name()
                        .flatMap(name -> Optional.ofNullable(costs.costs().get(name))));
    }

    private static OptionalLong attainable(Comparison.Evidence evidence, NodePair node) {
        return cost(evidence, node)
                .map(cost -> OptionalLong.of(Math.round(
                        1e9 * evidence.costs().orElseThrow().roofline().attainableSeconds(cost))))
                .orElse(OptionalLong.empty());
    }

    /** Most launches are too short to hide the next launch. */
    static List<Verdict> launchBound(Comparison.Evidence evidence) {
        List<KernelTotal> kernels = evidence.after().profile().kernels().stream()
                .filter(KernelKinds::onGpu)
                .toList();
        long calls = calls(kernels);
        long shortCalls = calls(kernels.stream()
                .filter(kernel -> kernel.durations().medianNanos() < SHORT_NANOS)
                .toList());
        boolean multiplies = kernels.stream().anyMatch(k -> KernelKinds.tensor(k) || KernelKinds.slowProduct(k));
        if (!multiplies || shortCalls < MANY * calls) {
            return List.of();
        }
        OptionalLong idle = idleNanos(evidence.after());
        if (idle.isPresent() && idle.getAsLong() < MUCH * evidence.after().totalNanos()) {
            return List.of();
        }
        String waits = idle.isPresent() ? "; the GPU waits " + KernelKinds.micros(idle.getAsLong()) + " of a run" : "";
        return List.of(Verdict.ofRun(
                Cause.LAUNCH_BOUND,
                shortCalls + " of " + calls + " launches take less than " + KernelKinds.micros(SHORT_NANOS) + waits,
                "a larger batch, a CUDA graph, or fewer, fused kernels; faster arithmetic cannot help",
                idle));
    }

    private static long calls(List<KernelTotal> kernels) {
        return kernels.stream().mapToLong(kernel -> kernel.durations().calls()).sum();
    }

    private static OptionalLong idleNanos(Run run) {
        OptionalLong span = run.profile().spanNanos();
        return span.isPresent()
                ? OptionalLong.of(Math.max(0, span.getAsLong() / run.runs() - run.totalNanos()))
                : OptionalLong.empty();
    }

    /** Moving data to and from the GPU takes a noticeable part of a run. */
    static List<Verdict> copies(Comparison.Evidence evidence) {
        Run after = evidence.after();
        long copies = after.profile().kernels().stream()
                .filter(KernelKinds::copy)
                .mapToLong(after::nanos)
                .sum();
        if (copies <= MUCH * after.totalNanos()) {
            return List.of();
        }
        return List.of(Verdict.ofRun(
                Cause.COPIES,
                "copies and fills take " + KernelKinds.micros(copies) + " of " + KernelKinds.micros(after.totalNanos()),
                "preprocess on the GPU, copy from pinned memory, overlap copies with kernels on another stream",
                OptionalLong.of(copies)));
    }
}
