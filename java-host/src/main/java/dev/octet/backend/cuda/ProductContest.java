package dev.octet.backend.cuda;

import dev.octet.graph.TensorType;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.SharedWeights;
import dev.octet.tensor.BackendException;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/**
 * Times the own kernel and its contenders on one product, whole steps with their epilogue, over random activations, recorded
 * in a CUDA graph as plans run them; the median of several runs by the device's own clock. Whoever computes other bits than
 * the own kernel is out, with a warning.
 */
final class ProductContest {
    private static final System.Logger LOG = System.getLogger(ProductContest.class.getName());
    private static final int WARM_UPS = 2;
    private static final int ROUNDS = 9;

    /** Steps in a recorded run, so that starting it weighs little. */
    private static final int STEPS = 4;

    private static final long SEED = 20_251_121;
    private static final byte GARBAGE = 0x5A;

    private final CudaDevice device;

    ProductContest(CudaDevice device) {
        this.device = device;
    }

    /** Another way of computing the product. */
    record Contender(ProductCache.Choice choice, String label, CudaStep step) {}

    /** Where contestants read and write. */
    private record Bench(CudaDevice device, CudaLane lane, KernelSpec spec, Arena arena) {
        /** Random bytes, and a constant where the node has one and the step reads it. */
        Optional<Tensor> input(int input, CudaStep step, Random random) {
            if (!spec.inputs().has(input) || !step.readsConstant(input)) {
                return Optional.empty();
            }
            TensorType type = spec.inputs().type(input);
            byte[] bytes = new byte[Math.toIntExact(type.sizeBytes())];
            random.nextBytes(bytes);
            MemorySegment host = spec.inputs().known(input).map(Tensor::data).orElse(MemorySegment.ofArray(bytes));
            return Optional.of(Tensor.wrap(type.dtype(), type.shape(), device.upload(host, arena)));
        }

        List<Optional<Tensor>> inputs(CudaStep step) {
            Random random = new Random(SEED);
            List<Optional<Tensor>> inputs = new ArrayList<>();
            for (int i = 0; i < spec.inputs().count(); i++) {
                inputs.add(input(i, step, random));
            }
            return inputs;
        }

        /** An output full of garbage for each contestant, so that none is credited with what another wrote. */
        Tensor output(Arena owner) {
            TensorType type = spec.outputs().getFirst();
            try (Arena host = Arena.ofConfined()) {
                MemorySegment garbage = host.allocate(type.sizeBytes()).fill(GARBAGE);
                return Tensor.wrap(type.dtype(), type.shape(), device.upload(garbage, owner));
            }
        }
    }

    /** What a contestant computed, and how long that took. */
    private record Run(byte[] result, long nanos) {}

    /**
     * How a contest ended.
     *
     * @param compared how many contenders took part
     * @param differing the labels of those that computed other bits
     */
    record Result(ProductCache.Choice fastest, int compared, List<String> differing) {}

    /**
     * Lets all compute the product of a node.
     *
     * @param own whose numbers are the right ones
     * @param contenders makes the others' steps for a spec whose memory lives as long as the contest
     */
    Result run(KernelSpec spec, Row own, Function<KernelSpec, List<Contender>> contenders) {
        try (Arena arena = Arena.ofShared();
                CudaLane lane =
                        new CudaLane(device, 0, spec.outputs().getFirst().sizeBytes())) {
            KernelSpec scratch =
                    new KernelSpec(spec.node(), spec.inputs(), spec.outputs(), arena, new SharedWeights(arena));
            Bench bench = new Bench(device, lane, scratch, arena);
            CudaStep ownStep = own.prepare().apply(device, scratch);
            List<Optional<Tensor>> inputs = bench.inputs(ownStep);
            Run best = measure(bench, ownStep, inputs);
            byte[] expected = best.result;
            ProductCache.Choice winner = new ProductCache.Choice.Own();
            int compared = 0;
            List<String> differing = new ArrayList<>();
            for (Contender contender : contenders.apply(scratch)) {
                Optional<Run> measured = measureIfTaken(bench, contender, inputs);
                compared += measured.isPresent() ? 1 : 0;
                if (measured.isPresent() && !Arrays.equals(measured.get().result, expected)) {
                    differing.add(contender.label);
                    refuse(contender, own, spec);
                } else if (measured.isPresent() && measured.get().nanos < best.nanos) {
                    best = measured.get();
                    winner = contender.choice;
                }
            }
            return new Result(winner, compared, differing);
        }
    }

    private void refuse(Contender contender, Row own, KernelSpec spec) {
        LOG.log(
                System.Logger.Level.WARNING,
                "{0} is not used: it computes other numbers than {1} for {2}",
                contender.label,
                own.nameOn(device),
                QProduct.of(spec).map(QProduct::label).orElse(spec.node().name()));
    }

    /** Empty if the library recommends an algorithm and then refuses it; a fault of the device is thrown. */
    private static Optional<Run> measureIfTaken(Bench bench, Contender contender, List<Optional<Tensor>> inputs) {
        try {
            return Optional.of(measure(bench, contender.step, inputs));
        } catch (BackendException e) {
            if (!e.codeName().startsWith("CUBLAS_")) {
                throw e.at("timing " + contender.label + ", which -D" + ProductMode.PROPERTY + "=own does without");
            }
            LOG.log(System.Logger.Level.DEBUG, "{0} is left out: {1}", contender.label, e.getMessage());
            return Optional.empty();
        }
    }

    private static Run measure(Bench bench, CudaStep step, List<Optional<Tensor>> inputs) {
        CudaLane lane = bench.lane;
        try (Arena own = Arena.ofShared()) {
            Tensor out = bench.output(own);
            KernelArgs args = new KernelArgs(inputs, List.of(Optional.of(out)));
            CudaGraph graph = CudaGraph.record(lane.stream(), () -> {
                for (int i = 0; i < STEPS; i++) {
                    step.enqueue(args, lane.stream());
                }
            });
            try {
                long nanos = median(lane, graph);
                lane.download(out.data(), lane.staging());
                lane.finish();
                return new Run(lane.staging().toArray(ValueLayout.JAVA_BYTE), nanos);
            } finally {
                graph.close(bench.device);
            }
        }
    }

    private static long median(CudaLane lane, CudaGraph graph) {
        long[] nanos = new long[ROUNDS];
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            lane.mark(0);
            graph.launch(lane.stream());
            lane.mark(1);
            lane.finish();
            if (round >= 0) {
                nanos[round] = lane.elapsedNanos(0, 1);
            }
        }
        Arrays.sort(nanos);
        return nanos[ROUNDS / 2];
    }
}
