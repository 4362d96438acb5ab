package dev.octet.backend.cuda;

import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.Variadic;
import dev.octet.graph.op.VariadicFunction;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Optional;

/** Elementwise functions of two tensors with broadcasting: {@code binary.cu}. */
final class BinaryCuda implements CudaStep {
    static final Row BINARY = new Row("octet_simt_binary", spec -> plan(spec).isPresent(), BinaryCuda::new);
    static final Row OF_TWO = new Row("octet_simt_binary", BinaryCuda::isOfTwo, BinaryCuda::new);

    private static final long VECTOR_BYTES = 16;

    private final Kernel kernel;
    private final KernelFunction function;
    private final StridedAxes axes;
    private final long count;
    private final int second;
    private final int width;

    /**
     * What to launch.
     *
     * @param code the function's number in {@code binary.cu}; -1 for a kernel of one function
     * @param wide the kernel that takes 16 bytes at a time, if there is one
     */
    private record Kernel(String name, int code, Optional<String> wide) {}

    private BinaryCuda(CudaDevice device, KernelSpec spec) {
        this.kernel = plan(spec).orElseThrow();
        this.second = isSquare(spec) ? 0 : 1;
        Shape output = spec.outputs().get(0).shape();
        StridedAxes all = StridedAxes.broadcast(
                output, spec.inputs().shape(0), spec.inputs().shape(second));
        this.count = output.elementCount();
        int most = (int) (VECTOR_BYTES / spec.inputs().dtype(0).sizeBytes(1));
        boolean wide = kernel.wide.isPresent() && (all.rank() == 1 || all.innerExtent() % most == 0);
        this.width = wide ? most : 1;
        this.axes = all.inUnitsOf(width);
        this.function = device.function(wide ? kernel.wide.get() : kernel.name);
    }

    private static boolean isOfTwo(KernelSpec spec) {
        return spec.inputs().count() == 2 && plan(spec).isPresent();
    }

    /** How to compute a node, if it can be. */
    private static Optional<Kernel> plan(KernelSpec spec) {
        if (StridedAxes.broadcast(
                                spec.outputs().get(0).shape(),
                                spec.inputs().shape(0),
                                spec.inputs().shape(1))
                        .rank()
                > StridedAxes.MAX_RANK) {
            return Optional.empty();
        }
        return switch (spec.node().op()) {
            case Binary op -> plan(spec, op.function());
            case Variadic op -> plan(spec, op.function());
            default -> throw new IllegalStateException(spec.node().describe());
        };
    }

    private static Optional<Kernel> plan(KernelSpec spec, BinaryFunction function) {
        return switch (function) {
            case ADD -> arithmetic(spec, 0);
            case SUB -> arithmetic(spec, 1);
            case MUL -> arithmetic(spec, 2);
            // An integer division by zero is an error, which a kernel cannot raise.
            case DIV -> spec.inputs().dtype(0).isFloat() ? arithmetic(spec, 3) : Optional.empty();
            case PRELU -> arithmetic(spec, 6);
            case POW -> isSquare(spec) ? arithmetic(spec, 2) : power(spec);
            case EQUAL -> comparison(spec, 0);
            case GREATER -> comparison(spec, 1);
            case GREATER_OR_EQUAL -> comparison(spec, 2);
            case LESS -> comparison(spec, 3);
            case LESS_OR_EQUAL -> comparison(spec, 4);
            case AND -> comparison(spec, 5);
            case OR -> comparison(spec, 6);
            case XOR -> comparison(spec, 7);
        };
    }

    private static Optional<Kernel> plan(KernelSpec spec, VariadicFunction function) {
        return switch (function) {
            case MAX -> arithmetic(spec, 4);
            case MIN -> arithmetic(spec, 5);
            case SUM -> spec.inputs().dtype(0).isFloat() ? arithmetic(spec, 0) : Optional.empty();
            case MEAN -> Optional.empty();
        };
    }

    private static Optional<Kernel> arithmetic(KernelSpec spec, int code) {
        return switch (spec.inputs().dtype(0)) {
            case F32 -> Optional.of(new Kernel("octet_simt_binary_f32", code, Optional.of("octet_simt_binary_f32_x4")));
            case F16 -> Optional.of(new Kernel("octet_simt_binary_f16", code, Optional.of("octet_simt_binary_f16_x8")));
            case S32 -> Optional.of(new Kernel("octet_simt_binary_s32", code, Optional.empty()));
            case S64 -> Optional.of(new Kernel("octet_simt_binary_s64", code, Optional.empty()));
            default -> Optional.empty();
        };
    }

    private static Optional<Kernel> power(KernelSpec spec) {
        DType type = spec.inputs().dtype(0);
        boolean taken = spec.inputs().dtype(1) == type && (type == DType.F32 || type == DType.F16);
        return taken
                ? Optional.of(new Kernel("octet_simt_power_" + type.label(), -1, Optional.empty()))
                : Optional.empty();
    }

    private static Optional<Kernel> comparison(KernelSpec spec, int code) {
        return switch (spec.inputs().dtype(0)) {
            case F32 -> Optional.of(new Kernel("octet_simt_compare_f32", code, Optional.empty()));
            case S32 -> Optional.of(new Kernel("octet_simt_compare_s32", code, Optional.empty()));
            case S64 -> Optional.of(new Kernel("octet_simt_compare_s64", code, Optional.empty()));
            case U8, BOOL -> Optional.of(new Kernel("octet_simt_compare_u8", code, Optional.empty()));
            default -> Optional.empty();
        };
    }

    /** Whether a power is a square, which is a product: exact in any order of rounding. */
    private static boolean isSquare(KernelSpec spec) {
        return spec.node().op() instanceof Binary(BinaryFunction function)
                && function == BinaryFunction.POW
                && spec.inputs().dtype(0).isFloat()
                && spec.inputs().shape(1).elementCount() == 1
                && spec.inputs().shape(1).rank() <= spec.inputs().shape(0).rank()
                && KnownInput.of(spec, 1)
                        .filter(exponent -> exponent.getDouble(0) == 2)
                        .isPresent();
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (count == 0) {
            return;
        }
        KernelParams params = new KernelParams()
                .pointer(args.in(0))
                .pointer(args.in(second))
                .pointer(args.out(0))
                .structure(axes.fields())
                .s64(count);
        if (kernel.code >= 0) {
            params.s32(kernel.code);
        }
        function.launch(stream, Grid.elements(count, width), params);
    }

    @Override
    public boolean readsConstant(int input) {
        return input <= second;
    }
}
