package dev.octet.backend.cuda;

import dev.octet.backend.cuda.lt.CublasLt;
import dev.octet.backend.cuda.lt.LtAlgorithm;
import dev.octet.backend.cuda.lt.LtMatmul;
import dev.octet.graph.TensorType;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.SharedWeights;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Times the own kernel and cuBLASLt's algorithms on one product, whole steps with their epilogue, over random
 * activations; the median of several runs by the device's own clock. Whoever computes other bits than the own kernel is
 * out, with a warning.
 */
final class ProductContest {
    private static final System.Logger LOG = System.getLogger(ProductContest.class.getName());
    private static final int WARM_UPS = 2;
    private static final int ROUNDS = 9;
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
            byte[] bytes = new byte[Math.toIntExact(type.dtype().sizeBytes(type.shape().elementCount()))];
            random.nextBytes(bytes);
            MemorySegment host = KnownInput.of(spec, input)
                    .map(Tensor::data)
                    .orElse(MemorySegment.ofArray(bytes));
            return Optional.of(Tensor.wrap(type.dtype(), type.shape(), device.upload(host, arena)));
        }

        KernelArgs args(CudaStep step) {
            Random random = new Random(SEED);
            List<Optional<Tensor>> inputs = new ArrayList<>();
            for (int i = 0; i < spec.inputs().count(); i++) {
                inputs.add(input(i, step, random));
            }
            TensorType type = spec.outputs().getFirst();
            long sizeBytes = type.dtype().sizeBytes(type.shape().elementCount());
            Tensor out = Tensor.wrap(type.dtype(), type.shape(), device.allocate(sizeBytes, arena));
            return new KernelArgs(inputs, List.of(Optional.of(out)));
        }
    }

    /** What a contestant computed, and how long that took. */
    private record Run(byte[] result, long nanos) {}

    /** The fastest way to compute the product. */
    ProductCache.Choice run(KernelSpec spec, QProduct product, Row own) {
        long outBytes = spec.outputs()
                .getFirst()
                .dtype()
                .sizeBytes(spec.outputs().getFirst().shape().elementCount());
        try (Arena arena = Arena.ofShared();
                CudaLane lane = new CudaLane(device, 0, outBytes)) {
            KernelSpec scratch =
                    new KernelSpec(spec.node(), spec.inputs(), spec.outputs(), arena, new SharedWeights(arena));
            Bench bench = new Bench(device, lane, scratch, arena);
            Run best = measure(bench, own.prepare().apply(device, scratch));
            byte[] expected = best.result;
            Optional<String> winner = Optional.empty();
            LtMatmul matmul = LtProductStep.matmul(lt, product, arena);
            LtProductWeights weights = LtProductWeights.of(device, scratch, product);
            for (LtAlgorithm algorithm : matmul.candidates(ProductRows.CANDIDATES)) {
                Run run = measure(bench, LtProductStep.of(device, product, weights, matmul, algorithm));
                if (!Arrays.equals(run.result, expected)) {
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
            return new ProductCache.Choice(winner);
        }
    }

    private static Run measure(Bench bench, CudaStep step) {
        KernelArgs args = bench.args(step);
        CudaLane lane = bench.lane;
        long[] nanos = new long[ROUNDS];
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            lane.mark(0);
            step.enqueue(args, lane.stream());
            lane.mark(1);
            lane.finish();
            if (round >= 0) {
                nanos[round] = lane.elapsedNanos(0, 1);
            }
        }
        lane.download(args.out(0).data(), lane.staging());
        lane.finish();
        Arrays.sort(nanos);
        return new Run(lane.staging().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), nanos[ROUNDS / 2]);
    }
}
