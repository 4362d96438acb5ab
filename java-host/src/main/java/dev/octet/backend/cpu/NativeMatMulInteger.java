package dev.octet.backend.cpu;

import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.MatMulIntegerToFloat;
import dev.octet.graph.op.MatrixBatches;
import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/**
 * {@link MatMulIntegerToFloat} with a constant right operand, packed as for zero point 0: a run subtracts its zero point
 * times the sums of the columns from the bias, and writes its scales into the multipliers.
 */
final class NativeMatMulInteger implements PackedKernel {
    /** The right operand, and the sum of each of its columns. */
    private record Columns(NativeLibrary.Packed packed, int[] sums) {}

    private final NativeLibrary library;
    private final MatrixBatches batches;
    private final IntegerProduct.Form form;
    private final Columns columns;

    private NativeMatMulInteger(
            NativeLibrary library, MatrixBatches batches, IntegerProduct.Form form, Columns columns) {
        this.library = library;
        this.batches = batches;
        this.form = form;
        this.columns = columns;
    }

    static boolean supports(KernelSpec spec) {
        return IntegerProduct.isByte(spec.inputs().dtype(0))
                && spec.inputs().dtype(1) == DType.S8
                && spec.inputs().shape(1).rank() == 2
                && Known.value(spec, 1).isPresent();
    }

    static NativeMatMulInteger prepare(NativeLibrary library, KernelSpec spec) {
        MatrixBatches m = MatrixBatches.of(spec.inputs().shape(0), spec.inputs().shape(1));
        IntegerDepth.require(m.depth(), DType.S8, false);
        float infinity = Float.POSITIVE_INFINITY;
        IntegerProduct.Form form = new IntegerProduct.Form(
                NativeWindow.matrix(m.rows(), m.depth()),
                m.columns(),
                spec.inputs().dtype(0),
                0,
                new Epilogue.ToFloat(new float[1], -infinity, infinity),
                0);
        Columns columns = NativePacking.once(spec, library.qgemm(), Columns.class, arena -> {
            Tensor b = Known.value(spec, 1).orElseThrow();
            try (Arena scratch = Arena.ofConfined()) {
                NativeWeights weights =
                        NativeWeights.ofMatrix(NativeWeights.inNative(b, scratch), m.depth(), m.columns());
                return new Columns(
                        IntegerProduct.pack(library.qgemm(), form, weights, MemorySegment.NULL, arena), sums(b));
            }
        });
        return new NativeMatMulInteger(library, m, form, columns);
    }

    private static int[] sums(Tensor b) {
        byte[] bytes = b.toBytes();
        int[] sums = new int[Math.toIntExact(b.shape().dim(1))];
        for (int i = 0; i < bytes.length; i++) {
            sums[i % sums.length] += bytes[i];
        }
        return sums;
    }

    /** Input 2 is a scale here, not a bias. */
    @Override
    public boolean readsConstant(int input) {
        return input != 1;
    }

    @Override
    public BoundKernel bind(KernelArgs args) {
        if (args.out(0).elementCount() == 0) {
            return _ -> {};
        }
        Arena arena = Arena.ofAuto();
        MemorySegment bias = arena.allocate(columns.packed.bias().byteSize(), 64);
        MemorySegment multipliers = IntegerProduct.perColumn(new float[1], 0, batches.columns(), arena);
        NativeLibrary.Packed packed = new NativeLibrary.Packed(columns.packed.weights(), bias);
        MemorySegment struct = IntegerProduct.of(form, batches.columns(), packed, multipliers, arena)
                .struct();
        NativeLibrary.Operands operands = new NativeLibrary.Operands(
                args.in(0).data(), MemorySegment.NULL, args.out(0).data());
        BoundKernel product = ProductTasks.tiles(
                batches.rows(),
                batches.columns(),
                batches.depth(),
                part -> library.qgemm().run(struct, operands, part));
        return workers -> {
            writeBias(bias, args.in(3).getLong(0));
            writeMultipliers(multipliers, IntegerMatMulKernel.scales(args));
            product.run(workers);
        };
    }

    private void writeBias(MemorySegment bias, long zeroPoint) {
        for (int i = 0; i < columns.sums.length; i++) {
            int packed = columns.packed.bias().getAtIndex(ValueLayout.JAVA_INT, i);
            bias.setAtIndex(ValueLayout.JAVA_INT, i, packed - (int) zeroPoint * columns.sums[i]);
        }
    }

    private void writeMultipliers(MemorySegment multipliers, float[] scales) {
        IntStream.range(0, columns.sums.length)
                .forEach(i -> multipliers.setAtIndex(ValueLayout.JAVA_FLOAT, i, scales[scales.length == 1 ? 0 : i]));
    }
}
