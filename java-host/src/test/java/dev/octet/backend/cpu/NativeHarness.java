package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.runtime.Backend;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.WorkerPool;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs one operator with the native kernels of one instruction set: on memory without alignment, between guard bytes that
 * must survive, and with one to three threads, which must give the same bits.
 */
final class NativeHarness {
    private static final byte GUARD = (byte) 0xA5;
    private static final int GUARD_BYTES = 64;

    private NativeHarness() {}

    /** The instruction sets; a test of one that this processor lacks is skipped with the reason. */
    static Stream<String> sets() {
        return Arrays.stream(InstructionSet.values()).map(InstructionSet::label);
    }

    static Backend backend(String set) {
        try {
            NativeLibrary.load(Arrays.stream(InstructionSet.values())
                    .filter(candidate -> candidate.label().equals(set))
                    .findFirst());
        } catch (NativeLoadException e) {
            boolean required = System.getProperty("dev.octet.require", "").contains(set);
            assertThat(required).as(e.getMessage()).isFalse();
            Assumptions.abort(e.getMessage());
        }
        return new CpuBackend().withKernels(set);
    }

    /**
     * The operator's output.
     *
     * @param constants how many inputs, after the first, the kernel may see when it is prepared
     */
    static Tensor run(String set, Op op, int constants, List<Optional<Tensor>> inputs) throws Exception {
        Backend backend = backend(set);
        List<String> names = IntStream.range(0, inputs.size())
                .mapToObj(i -> inputs.get(i).isPresent() ? "x" + i : "")
                .toList();
        Node node = new Node("node", op, names, List.of("y"));
        List<Optional<TensorType>> types = inputs.stream()
                .map(input -> input.map(t -> new TensorType(t.dtype(), t.shape())))
                .toList();
        List<Optional<Tensor>> known = IntStream.range(0, inputs.size())
                .mapToObj(i -> i > 0 && i <= constants ? inputs.get(i) : Optional.<Tensor>empty())
                .toList();
        TensorType type = ShapeInference.outputTypes(node, types, known).get(0);
        try (Arena arena = Arena.ofShared()) {
            KernelSpec spec = new KernelSpec(node, new OpInputs(types, known, 1), List.of(type), arena);
            KernelFactory factory = backend.kernel(spec).orElseThrow();
            assertThat(factory.name()).startsWith(set + "_");
            var kernel = factory.prepare().apply(spec);
            List<Tensor> results = new ArrayList<>();
            for (int threads = 1; threads <= 3; threads++) {
                List<Optional<Tensor>> natives = new ArrayList<>();
                for (Optional<Tensor> input : inputs) {
                    natives.add(input.map(tensor -> unaligned(tensor, arena)));
                }
                Tensor guarded = guarded(type, arena, threads);
                try (WorkerPool workers = new WorkerPool(threads)) {
                    kernel.run(new KernelArgs(natives, List.of(Optional.of(guarded))), workers);
                }
                results.add(guarded.copy());
            }
            assertGuards();
            assertThat(results.get(1).contentEquals(results.get(0)))
                    .as("2 threads")
                    .isTrue();
            assertThat(results.get(2).contentEquals(results.get(0)))
                    .as("3 threads")
                    .isTrue();
            return results.get(0);
        } finally {
            OUTPUTS.get().clear();
        }
    }

    private static final ThreadLocal<List<MemorySegment>> OUTPUTS = ThreadLocal.withInitial(ArrayList::new);

    /** A tensor with guard bytes around it, filled with garbage, off any alignment beyond its element's. */
    private static Tensor guarded(TensorType type, Arena arena, int threads) {
        long offset = GUARD_BYTES + (long) threads * type.dtype().bits() / 8;
        MemorySegment all = arena.allocate(offset + type.sizeBytes() + GUARD_BYTES, 64);
        all.fill(GUARD);
        OUTPUTS.get().add(all.asSlice(0, offset));
        OUTPUTS.get().add(all.asSlice(offset + type.sizeBytes()));
        return Tensor.wrap(type.dtype(), type.shape(), all.asSlice(offset, type.sizeBytes()));
    }

    private static void assertGuards() {
        for (MemorySegment guard : OUTPUTS.get()) {
            for (byte value : guard.toArray(ValueLayout.JAVA_BYTE)) {
                assertThat(value).as("a guard byte").isEqualTo(GUARD);
            }
        }
    }

    private static Tensor unaligned(Tensor tensor, Arena arena) {
        long bytes = tensor.data().byteSize();
        long offset = tensor.dtype().bits() / 8;
        MemorySegment memory = arena.allocate(bytes + offset, 64).asSlice(offset, bytes);
        memory.copyFrom(tensor.data());
        return Tensor.wrap(tensor.dtype(), tensor.shape(), memory);
    }

    /** Random bytes, a quarter of them the extremes. */
    static Tensor randomBytes(DType dtype, Shape shape, Random random) {
        byte[] values = new byte[Math.toIntExact(shape.elementCount())];
        random.nextBytes(values);
        for (int i = 0; i < values.length; i++) {
            if (random.nextInt(4) == 0) {
                values[i] = (byte) (dtype == DType.S8 ? (random.nextBoolean() ? 127 : -128) : -random.nextInt(2));
            }
        }
        return Tensor.ofBytes(dtype, shape, values);
    }

    static Tensor randomFloats(Shape shape, Random random) {
        float[] values = new float[Math.toIntExact(shape.elementCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return Tensor.ofFloats(shape, values);
    }
}
