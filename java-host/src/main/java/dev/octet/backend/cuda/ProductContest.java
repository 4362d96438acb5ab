package dev.octet.backend.cuda;

import dev.octet.backend.cuda.lt.CublasLt;
import dev.octet.backend.cuda.lt.LtAlgorithm;
import dev.octet.backend.cuda.lt.LtMatmul;
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

/**
 * Times the own kernel and cuBLASLt's algorithms on one product, whole steps with their epilogue, over random
 * activations, recorded in a CUDA graph as plans run them; the median of several runs by the device's own clock. Whoever
 * computes other bits than the own kernel is out, with a warning.
 */
final class ProductContest {
    private static final System.Logger LOG = System.getLogger(ProductContest.class.getName());
    private static final int WARM_UPS = 2;
    private static final int ROUNDS = 9;

    /** Steps in a recorded run, so that starting it weighs little. */
    private static final int STEPS = 4;

    private static final long SEED = 20_251_121;

    private final CudaDevice device;
    private final CublasLt lt;

    ProductContest(CudaDevice device, CublasLt lt) {
        this.device = device;
        this.lt = lt;
    }

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

        /** An output of its own for each contestant, so that none is credited with what another wrote. */
        Tensor output(Arena owner) {
            TensorType type = spec.outputs().getFirst();
            return Tensor.wrap(type.dtype(), type.shape(), device.allocate(type.sizeBytes(), owner));
        }
    }

    /** What a contestant computed, and how long that took. */
    private record Run(byte[] result, long nanos) {}

    /**
     * How a contest ended.
     *
     * @param compared how many of the library's algorithms took part
     * @param differing those that computed other bits, in hexadecimal digits
     */
    record Result(ProductCache.Choice fastest, int compared, List<String> differing) {}

    /** Lets all compute the product. */
    Result run(KernelSpec spec, QProduct product, Row own) {
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
            Optional<String> winner = Optional.empty();
            LtMatmul matmul = LtProductStep.matmul(lt, product, arena);
            PackedProduct packed = product.packed(device, scratch);
            List<LtAlgorithm> candidates = matmul.candidates(ProductRows.CANDIDATES);
            List<String> differing = new ArrayList<>();
            for (LtAlgorithm algorithm : candidates) {
                CudaStep step = LtProductStep.of(device, product, packed, matmul, algorithm);
                Optional<Run> measured = measureIfTaken(bench, step, inputs);
                if (measured.isEmpty()) {
                    continue;
                }
                Run run = measured.get();
                if (!Arrays.equals(run.result, expected)) {
                    differing.add(algorithm.toHex());
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "cuBLASLt''s algorithm {0} is not used: it computes other numbers than the own kernel for {1}",
                            algorithm.toHex(),
                            product.label());
                } else if (run.nanos < best.nanos) {
                    best = run;
                    winner = Optional.of(algorithm.toHex());
                }
            }
            return new Result(new ProductCache.Choice(winner), candidates.size(), differing);
        }
    }

    /** Empty if the library recommends an algorithm and then refuses it; a fault of the device is thrown. */
    private static Optional<Run> measureIfTaken(Bench bench, CudaStep step, List<Optional<Tensor>> inputs) {
        try {
            return Optional.of(measure(bench, step, inputs));
        } catch (BackendException e) {
            if (!e.codeName().startsWith("CUBLAS_")) {
                throw e;
            }
            LOG.log(System.Logger.Level.DEBUG, "an algorithm is left out: {0}", e.getMessage());
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
