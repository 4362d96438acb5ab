package dev.octet.backend.cuda.lt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One matrix product made ready: descriptors and candidate algorithms. Enqueueing allocates nothing and may be captured in
 * a CUDA graph; safe from several threads on different streams with different workspaces.
 */
public final class LtMatmul {
    /** What addresses of operands and results must be multiples of. */
    public static final int ALIGNMENT = 16;

    public static final int WORKSPACE_ALIGNMENT = 256;

    /** The most device memory that an algorithm may ask for beside operands: with less, the fastest are not offered. */
    public static final long MAX_WORKSPACE_BYTES = 32L << 20;

    private static final int OPERANDS = 4;

    /** The library's objects of one product; C and D are one. */
    record Descriptors(MemorySegment matmul, MemorySegment a, MemorySegment b, MemorySegment d) {}

    /** Everything one call needs. */
    record Call(
            Descriptors descriptors,
            MemorySegment alpha,
            MemorySegment beta,
            LtOperands operands,
            LtAlgorithm algorithm,
            MemorySegment stream) {}

    private final CublasLt lt;
    private final LtProblem problem;
    private final Arena arena;
    private final Descriptors descriptors;
    private final MemorySegment one;
    private final MemorySegment zero;

    private LtMatmul(CublasLt lt, LtProblem problem, Arena arena) {
        this.lt = lt;
        this.problem = problem;
        this.arena = arena;
        LtObjects objects = new LtObjects(lt.library(), arena);
        LtKind kind = problem.kind();
        MemorySegment matmul = objects.matmul(kind);
        objects.setMatmul(matmul, LtAbi.MATMUL_TRANSPOSE_A, LtAbi.OPERATION_TRANSPOSED);
        objects.setMatmul(matmul, LtAbi.MATMUL_TRANSPOSE_B, LtAbi.OPERATION_NORMAL);
        if (kind.hasColumnFactors()) {
            objects.setMatmul(matmul, LtAbi.MATMUL_POINTER_MODE, LtAbi.POINTER_MODE_COLUMN_FACTORS);
        }
        this.descriptors = new Descriptors(
                matmul,
                objects.layout(
                        kind.operandType(),
                        problem.depth(),
                        problem.columns(),
                        problem.strides().w()),
                objects.layout(
                        kind.operandType(),
                        problem.depth(),
                        problem.rows(),
                        problem.strides().x()),
                objects.layout(
                        kind.resultType(),
                        problem.columns(),
                        problem.rows(),
                        problem.strides().d()));
        boolean integerScale = kind.scaleType() == LtAbi.TYPE_S32;
        this.one = integerScale ? arena.allocateFrom(JAVA_INT, 1) : arena.allocateFrom(JAVA_FLOAT, 1);
        this.zero = integerScale ? arena.allocateFrom(JAVA_INT, 0) : arena.allocateFrom(JAVA_FLOAT, 0);
    }

    /**
     * Describes a product to the library.
     *
     * @param arena shared between threads, lives as long as the product is used, closed before the handle
     * @throws dev.octet.tensor.BackendException if it cannot take it
     */
    public static LtMatmul of(CublasLt lt, LtProblem problem, Arena arena) {
        return new LtMatmul(lt, problem, arena);
    }

    public LtProblem problem() {
        return problem;
    }

    /**
     * The algorithms that the library recommends, best guess first; of an integer product only those on tensor cores, if
     * there are such.
     *
     * @param most how many to ask for
     * @return empty if it has none for this product
     */
    public List<LtAlgorithm> candidates(int most) {
        try (Arena scratch = Arena.ofConfined()) {
            LtObjects scratchObjects = new LtObjects(lt.library(), scratch);
            MemorySegment preference = scratchObjects.preference();
            scratchObjects.setPreference(preference, LtAbi.PREFERENCE_WORKSPACE_BYTES, MAX_WORKSPACE_BYTES);
            for (int operand = 0; operand < OPERANDS; operand++) {
                scratchObjects.setPreference(preference, LtAbi.PREFERENCE_MIN_ALIGNMENT + operand, ALIGNMENT);
            }
            MemorySegment results = scratch.allocate(LtAbi.RESULT, most);
            MemorySegment returned = scratch.allocate(JAVA_INT);
            int status = lt.library()
                    .status(
                            "cublasLtMatmulAlgoGetHeuristic",
                            lt.handle(),
                            descriptors.matmul,
                            descriptors.a,
                            descriptors.b,
                            descriptors.d,
                            descriptors.d,
                            preference,
                            most,
                            results,
                            returned);
            int count = status == LtAbi.STATUS_OK ? returned.get(JAVA_INT, 0) : 0;
            List<LtAlgorithm> found = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                MemorySegment result = results.asSlice(i * LtAbi.RESULT.byteSize(), LtAbi.RESULT.byteSize());
                if (result.get(JAVA_INT, LtAbi.RESULT_STATE) == LtAbi.STATUS_OK) {
                    found.add(algorithm(result));
                }
            }
            return onTensorCores(found);
        }
    }

    private List<LtAlgorithm> onTensorCores(List<LtAlgorithm> found) {
        List<LtAlgorithm> imma = found.stream().filter(LtAlgorithm::usesImma).toList();
        return problem.kind().isInteger() && !imma.isEmpty() ? imma : List.copyOf(found);
    }

    /** An algorithm that was chosen before, if the library still takes it for this product. */
    public Optional<LtAlgorithm> restore(String hex) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment result = scratch.allocate(LtAbi.RESULT);
            MemorySegment data = LtAlgorithm.fromHex(hex, scratch);
            int status = lt.library()
                    .status(
                            "cublasLtMatmulAlgoCheck",
                            lt.handle(),
                            descriptors.matmul,
                            descriptors.a,
                            descriptors.b,
                            descriptors.d,
                            descriptors.d,
                            data,
                            result);
            if (status != LtAbi.STATUS_OK || result.get(JAVA_INT, LtAbi.RESULT_STATE) != LtAbi.STATUS_OK) {
                return Optional.empty();
            }
            long workspaceBytes = result.get(JAVA_LONG, LtAbi.RESULT_WORKSPACE_BYTES);
            return workspaceBytes > MAX_WORKSPACE_BYTES
                    ? Optional.empty()
                    : Optional.of(algorithm(data, workspaceBytes));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private LtAlgorithm algorithm(MemorySegment result) {
        return algorithm(result, result.get(JAVA_LONG, LtAbi.RESULT_WORKSPACE_BYTES));
    }

    private LtAlgorithm algorithm(MemorySegment bytes, long workspaceBytes) {
        MemorySegment data = arena.allocate(LtAbi.ALGORITHM);
        MemorySegment.copy(bytes, JAVA_BYTE, 0, data, JAVA_BYTE, 0, LtAbi.ALGORITHM_BYTES);
        return new LtAlgorithm(data, workspaceBytes, usesImma(data));
    }

    private boolean usesImma(MemorySegment data) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment flags = scratch.allocate(JAVA_LONG);
            MemorySegment written = scratch.allocate(JAVA_LONG);
            lt.library()
                    .call(
                            "cublasLtMatmulAlgoCapGetAttribute",
                            data,
                            LtAbi.CAPABILITY_NUMERICAL_FLAGS,
                            flags,
                            flags.byteSize(),
                            written);
            return (flags.get(JAVA_LONG, 0) & LtAbi.NUMERICAL_FLAG_IMMA) != 0;
        }
    }

    /**
     * Enqueues the product.
     *
     * @param algorithm of this product's candidates
     * @param stream a raw {@code CUstream} of the handle's context
     * @throws dev.octet.tensor.BackendException if the library refuses
     */
    public void enqueue(LtAlgorithm algorithm, LtOperands operands, MemorySegment stream) {
        if (operands.workspace().byteSize() < algorithm.workspaceBytes()) {
            throw new IllegalArgumentException(problem.label() + " needs a workspace of " + algorithm.workspaceBytes()
                    + " bytes, got " + operands.workspace().byteSize());
        }
        MemorySegment alpha = problem.kind().hasColumnFactors() ? operands.factors() : one;
        lt.library().matmul(lt.handle(), new Call(descriptors, alpha, zero, operands, algorithm, stream));
    }
}
