package dev.octet.backend.cpu;

import dev.octet.graph.op.Epilogue;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Compares the native integer kernels with {@link Quantizer} on a small problem when they are loaded, so that a miscompiled
 * or mismatched library is refused instead of computing wrong results.
 */
final class NativeSelfTest {
    private static final int ROWS = 7;
    private static final int DEPTH = 37;
    private static final int COLUMNS = 19;
    private static final int ZERO_POINT = 3;
    private static final float MULTIPLIER = 0.0113f;
    private static final Epilogue.ToInt8 EPILOGUE =
            new Epilogue.ToInt8(DType.U8, new float[] {MULTIPLIER}, 121, 0, 255, Optional.empty());

    private NativeSelfTest() {}

    /** Runs all checks; takes far less than a millisecond once the code is warm. */
    static void check(NativeLibrary library) throws NativeLoadException {
        for (DType xType : new DType[] {DType.U8, DType.S8}) {
            checkProduct(library, xType);
            checkDepthwise(library, xType);
        }
    }

    private static void checkProduct(NativeLibrary library, DType xType) throws NativeLoadException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment x = bytes(ROWS * DEPTH, 31, arena);
            MemorySegment w = bytes(DEPTH * COLUMNS, 57, arena);
            IntegerProduct.Form form =
                    new IntegerProduct.Form(NativeWindow.matrix(ROWS, DEPTH), COLUMNS, xType, ZERO_POINT, EPILOGUE, 0);
            NativeLibrary.Packed packed = IntegerProduct.pack(
                    library.qgemm(), form, NativeWeights.ofMatrix(w, DEPTH, COLUMNS), MemorySegment.NULL, arena);
            IntegerProduct product = IntegerProduct.of(form, COLUMNS, packed, arena);
            MemorySegment y = arena.allocate(ROWS * COLUMNS);
            library.qgemm()
                    .run(
                            product.struct(),
                            new NativeLibrary.Operands(x, MemorySegment.NULL, y),
                            new ProductTasks.Part(0, ROWS, 0, 2));
            for (int i = 0; i < ROWS * COLUMNS; i++) {
                int acc = 0;
                for (int k = 0; k < DEPTH; k++) {
                    acc += (at(x, xType, i / COLUMNS * DEPTH + k) - ZERO_POINT)
                            * at(w, DType.S8, k * COLUMNS + i % COLUMNS);
                }
                requireEqual("octet_qgemm", library, y, i, acc);
            }
        }
    }

    /** A 3 x 1 window over {@link #ROWS} positions of {@link #COLUMNS} channels, padded by one. */
    private static void checkDepthwise(NativeLibrary library, DType xType) throws NativeLoadException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment x = bytes(ROWS * COLUMNS, 31, arena);
            MemorySegment w = bytes(3 * COLUMNS, 57, arena);
            int[] ones = {1, 1};
            NativeWindow window = new NativeWindow(
                    ROWS, 1, COLUMNS, new int[] {ROWS, 1}, new int[] {3, 1}, ones, ones, new int[] {1, 0}, COLUMNS);
            IntegerProduct.Form form = new IntegerProduct.Form(window, COLUMNS, xType, ZERO_POINT, EPILOGUE, 0);
            NativeWeights weights = new NativeWeights(w, COLUMNS, 3, 1, 3, 1, 1, 3);
            NativeLibrary.Packed packed =
                    IntegerProduct.pack(library.qdepthwise(), form, weights, MemorySegment.NULL, arena);
            IntegerProduct product = IntegerProduct.of(form, COLUMNS, packed, arena);
            MemorySegment y = arena.allocate(ROWS * COLUMNS);
            library.qdepthwise()
                    .runRows(
                            product.struct(),
                            new NativeLibrary.Operands(x, MemorySegment.NULL, y),
                            new ProductTasks.Part(0, ROWS, 0, 0));
            for (int i = 0; i < ROWS * COLUMNS; i++) {
                int acc = 0;
                for (int tap = 0; tap < 3; tap++) {
                    int row = i / COLUMNS + tap - 1;
                    int value = row < 0 || row >= ROWS ? ZERO_POINT : at(x, xType, row * COLUMNS + i % COLUMNS);
                    acc += (value - ZERO_POINT) * at(w, DType.S8, i % COLUMNS * 3 + tap);
                }
                requireEqual("octet_qdepthwise", library, y, i, acc);
            }
        }
    }

    /** Every byte value in some order, extremes included. */
    private static MemorySegment bytes(int count, int step, Arena arena) {
        MemorySegment segment = arena.allocate(count);
        for (int i = 0; i < count; i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) (128 + i * step));
        }
        return segment;
    }

    private static int at(MemorySegment segment, DType dtype, long index) {
        byte value = segment.get(ValueLayout.JAVA_BYTE, index);
        return dtype == DType.U8 ? Byte.toUnsignedInt(value) : value;
    }

    private static void requireEqual(String function, NativeLibrary library, MemorySegment y, int index, int acc)
            throws NativeLoadException {
        int expected = Quantizer.requantize(acc, MULTIPLIER, EPILOGUE.zeroPoint(), EPILOGUE.qmin(), EPILOGUE.qmax());
        int actual = at(y, DType.U8, index);
        if (actual != expected) {
            throw new NativeLoadException(function + "_" + library.set().label() + " fails its self-test: " + actual
                    + " instead of " + expected);
        }
    }
}
