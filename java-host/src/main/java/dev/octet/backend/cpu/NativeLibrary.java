package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.runtime.ThreadPlacement;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Optional;

/**
 * The library of native kernels, {@code octet_kernels.h}, for one instruction set. Loaded until nothing refers to it any
 * more. The only place that calls native code; every status is checked here.
 */
final class NativeLibrary {
    private final NativeSymbols symbols;
    private final InstructionSet set;
    private final int features;

    /** One family of kernels: how weights are packed and how rows are computed. */
    final class Family {
        private final String name;
        private final MethodHandle packedBytes;
        private final MethodHandle pack;
        private final MethodHandle run;

        private Family(String name, FunctionDescriptor pack, FunctionDescriptor run) {
            this.name = name;
            this.packedBytes =
                    handle(name + "_packed_bytes", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
            this.pack = handle(name + "_pack", pack);
            this.run = handle(name, run);
        }

        /** The native functions' name without the instruction set. */
        String name() {
            return name;
        }

        long packedBytes(long columns, long taps, long depth) {
            try {
                return requireSize((long) packedBytes.invokeExact(columns, taps, depth));
            } catch (Throwable e) {
                throw unexpected(name, e);
            }
        }

        private long requireSize(long sizeBytes) {
            if (sizeBytes < 0) {
                throw new IllegalStateException(name + ": weights of no possible size");
            }
            return sizeBytes;
        }

        /** Calls a pack function of integer weights. */
        void pack(MemorySegment weights, MemorySegment givenBias, long xKind, long xZeroPoint, Packed packed) {
            call(name, () ->
                    (int) pack.invokeExact(weights, givenBias, xKind, xZeroPoint, packed.weights, packed.bias));
        }

        /** Calls a pack function of float weights. */
        void pack(MemorySegment weights, MemorySegment packed) {
            call(name, () -> (int) pack.invokeExact(weights, packed));
        }

        /** Computes rows of some panels of a product. */
        void run(MemorySegment product, Operands operands, ProductTasks.Part part) {
            try {
                check(name, (int) run.invokeExact(
                        product,
                        operands.x,
                        operands.residual,
                        operands.y,
                        part.row(),
                        part.rows(),
                        part.panel(),
                        part.panels()));
            } catch (Throwable e) {
                throw unexpected(name, e);
            }
        }

        /** Computes whole rows, for families that know no panels. */
        void runRows(MemorySegment product, Operands operands, ProductTasks.Part part) {
            try {
                check(name, (int)
                        run.invokeExact(product, operands.x, operands.residual, operands.y, part.row(), part.rows()));
            } catch (Throwable e) {
                throw unexpected(name, e);
            }
        }
    }

    /** Where packed weights and the bias that goes with them are. */
    record Packed(MemorySegment weights, MemorySegment bias) {}

    /** The tensors of one call; {@code residual} is {@link MemorySegment#NULL} where there is none. */
    record Operands(MemorySegment x, MemorySegment residual, MemorySegment y) {}

    /** Weights of a product that are not constant, and its bias or {@link MemorySegment#NULL}. */
    record Unpacked(MemorySegment layout, MemorySegment weights, MemorySegment bias) {}

    private final Family qgemm;
    private final Optional<Family> qwinograd;
    private final Family qdepthwise;
    // Linking takes a millisecond or more for each kind of signature, and few models need all.
    private final Deferred<Family> fgemm;
    private final Deferred<Family> fdepthwise;
    private final Deferred<MethodHandle> qgemmUnpacked;
    private final Deferred<MethodHandle> fgemmUnpacked;

    private NativeLibrary(NativeSymbols symbols, InstructionSet set, int features) {
        this.symbols = symbols;
        this.set = set;
        this.features = features;
        FunctionDescriptor integerPack =
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
        FunctionDescriptor floatPack = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
        FunctionDescriptor rows =
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
        FunctionDescriptor rowsAndPanels = rows.appendArgumentLayouts(JAVA_LONG, JAVA_LONG);
        qgemm = new Family("octet_qgemm", integerPack, rowsAndPanels);
        qwinograd = symbols.has("octet_qwinograd_" + set.label())
                ? Optional.of(new Family("octet_qwinograd", integerPack, rows))
                : Optional.empty();
        qdepthwise = new Family("octet_qdepthwise", integerPack, rows);
        fgemm = new Deferred<>(() -> new Family("octet_fgemm", floatPack, rowsAndPanels));
        fdepthwise = new Deferred<>(() -> new Family("octet_fdepthwise", floatPack, rows));
        MemoryLayout[] pointers = {ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG};
        FunctionDescriptor unpacked = FunctionDescriptor.of(JAVA_INT, pointers);
        qgemmUnpacked =
                new Deferred<>(() -> handle("octet_qgemm_unpacked", unpacked.insertArgumentLayouts(0, ADDRESS)));
        fgemmUnpacked = new Deferred<>(() -> handle("octet_fgemm_unpacked", unpacked));
    }

    /**
     * Loads the library.
     *
     * @param set the instruction set to use, or empty for the best that this processor has
     * @throws NativeLoadException if there is no library for this machine, or not this instruction set
     */
    static NativeLibrary load(Optional<InstructionSet> set) throws NativeLoadException {
        NativeSymbols symbols = NativeSymbols.load();
        int features = features(symbols);
        if (set.isPresent()) {
            if (!set.get().isIn(features) || !has(symbols, set.get())) {
                throw new NativeLoadException(
                        "this processor cannot run " + set.get().label());
            }
            return new NativeLibrary(symbols, set.get(), features);
        }
        InstructionSet best = InstructionSet.GENERIC;
        for (InstructionSet candidate : InstructionSet.values()) {
            best = candidate.isIn(features) && has(symbols, candidate) ? candidate : best;
        }
        return new NativeLibrary(symbols, best, features);
    }

    private static boolean has(NativeSymbols symbols, InstructionSet set) {
        return symbols.has("octet_qgemm_" + set.label());
    }

    private static int features(NativeSymbols symbols) {
        try {
            return (int) symbols.handle("octet_cpu_features", FunctionDescriptor.of(JAVA_INT))
                    .invokeExact();
        } catch (Throwable e) {
            throw unexpected("octet_cpu_features", e);
        }
    }

    /** The handle of a function of this instruction set, or of the next lower one of this processor that has it. */
    MethodHandle handle(String function, FunctionDescriptor descriptor) {
        for (InstructionSet candidate : Arrays.asList(InstructionSet.values()).reversed()) {
            String name = function + "_" + candidate.label();
            if (uses(candidate) && symbols.has(name)) {
                return symbols.handle(name, descriptor);
            }
        }
        throw new IllegalStateException("the library of native kernels lacks " + function);
    }

    InstructionSet set() {
        return set;
    }

    /** Whether kernels of a set are used: those of the set in use, and others where that has none. */
    boolean uses(InstructionSet candidate) {
        return candidate.compareTo(set) <= 0 && candidate.isIn(features);
    }

    ThreadPlacement placement() {
        return new NativePlacement(symbols);
    }

    Family qgemm() {
        return qgemm;
    }

    /** Winograd's convolution, if this very set has it: a faster product makes it slower than that. */
    Optional<Family> qwinograd() {
        return qwinograd;
    }

    Family qdepthwise() {
        return qdepthwise;
    }

    Family fgemm() {
        return fgemm.get();
    }

    Family fdepthwise() {
        return fdepthwise.get();
    }

    /** The whole integer product with weights that are packed now. */
    void qgemmUnpacked(MemorySegment product, Unpacked weights, Operands operands, long rows) {
        MethodHandle handle = qgemmUnpacked.get();
        call("octet_qgemm_unpacked", () -> (int) handle.invokeExact(
                product,
                weights.layout,
                weights.weights,
                weights.bias,
                operands.x,
                operands.residual,
                operands.y,
                rows));
    }

    /** The whole float product with weights that are packed now. */
    void fgemmUnpacked(MemorySegment product, Unpacked weights, Operands operands, long rows) {
        MethodHandle handle = fgemmUnpacked.get();
        call("octet_fgemm_unpacked", () -> (int) handle.invokeExact(
                product, weights.layout, weights.weights, operands.x, operands.residual, operands.y, rows));
    }

    /** A call of a native function, which gives its status. */
    interface Call {
        int status() throws Throwable;
    }

    /**
     * Calls a native function that returns a status.
     *
     * @throws IllegalStateException if it refuses its arguments: its caller has not checked them
     */
    static void call(String function, Call call) {
        try {
            check(function, call.status());
        } catch (Throwable e) {
            throw unexpected(function, e);
        }
    }

    private static void check(String function, int status) {
        switch (status) {
            case 0 -> {}
            case 1 -> throw new OutOfMemoryError(function + ": no native memory");
            default -> throw new IllegalStateException(function + " failed with status " + status);
        }
    }

    /** What a failed call throws. */
    static RuntimeException unexpected(String function, Throwable e) {
        return switch (e) {
            case RuntimeException exception -> exception;
            case Error error -> throw error;
            default -> new IllegalStateException(function, e);
        };
    }
}
