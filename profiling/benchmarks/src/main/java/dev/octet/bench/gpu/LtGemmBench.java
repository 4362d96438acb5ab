package dev.octet.bench.gpu;

import dev.octet.backend.cuda.lt.CublasLt;
import dev.octet.backend.cuda.lt.LtAlgorithm;
import dev.octet.backend.cuda.lt.LtKind;
import dev.octet.backend.cuda.lt.LtMatmul;
import dev.octet.backend.cuda.lt.LtOperands;
import dev.octet.backend.cuda.lt.LtProblem;
import dev.octet.backend.cuda.lt.LtSearch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** cuBLASLt's s8 x s8 to s32 alone: every algorithm that it recommends, the best counts. */
final class LtGemmBench {
    private static final int CANDIDATES = 16;
    private static final long SEED = 7;

    private LtGemmBench() {}

    /** One algorithm's time. */
    record Candidate(String algorithm, boolean imma, long workspaceBytes, DeviceClock.Timing timing) {}

    /**
     * What one size took.
     *
     * @param size rows, columns and depth
     * @param tops of the fastest, in 10^12 operations a second
     */
    record Entry(String library, int size, double tops, Candidate best, List<Candidate> candidates) {}

    static List<Entry> run(Gpu gpu, BenchSizes sizes) {
        LtSearch search = LtSearch.run();
        if (search.library().isEmpty()) {
            throw new IllegalStateException(search.detail());
        }
        try (CublasLt lt = CublasLt.open(search.library().get())) {
            return sizes.cubes().stream()
                    .map(size -> measure(gpu, lt, size, search.detail()))
                    .toList();
        }
    }

    private static Entry measure(Gpu gpu, CublasLt lt, int size, String library) {
        long square = (long) size * size;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment x = gpu.randomBytes(square, SEED, arena);
            MemorySegment w = gpu.randomBytes(square, SEED + 1, arena);
            MemorySegment d = gpu.room(square * Integer.BYTES, arena);
            LtMatmul matmul = LtMatmul.of(lt, LtProblem.dense(LtKind.S8S32, size, size, size), arena);
            MemorySegment workspace = gpu.room(LtMatmul.MAX_WORKSPACE_BYTES, arena);
            LtOperands operands = new LtOperands(x, w, d, MemorySegment.NULL, workspace);
            List<Candidate> candidates = new ArrayList<>();
            for (LtAlgorithm algorithm : matmul.candidates(CANDIDATES)) {
                DeviceClock.Timing timing =
                        DeviceClock.time(() -> matmul.enqueue(algorithm, operands, MemorySegment.NULL));
                candidates.add(
                        new Candidate(algorithm.toHex(), algorithm.usesImma(), algorithm.workspaceBytes(), timing));
            }
            Candidate best = candidates.stream()
                    .min(Comparator.comparingDouble(candidate -> candidate.timing.medianNanos()))
                    .orElseThrow(() -> new IllegalStateException("cuBLASLt has no algorithm for " + size));
            double tops = 2.0 * size * square / best.timing.medianNanos() / 1000;
            return new Entry(library, size, tops, best, candidates);
        }
    }
}
