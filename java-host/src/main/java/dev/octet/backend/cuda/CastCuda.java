package dev.octet.backend.cuda;

import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import java.util.Set;

/** Cast and CastLike between the types of {@code cast.cu}. */
final class CastCuda implements CudaStep {
    private static final Set<String> PAIRS = Set.of(
            "f32f16", "f16f32", "f32s64", "f32s32", "f32bool", "s64f32", "s64s32", "s64bool", "s32f32", "s32s64",
            "u8f32", "s8f32", "boolf32", "bools64");

    static final Row ROW = new Row("octet_simt_cast", spec -> PAIRS.contains(pair(spec)), CastCuda::new);

    private final KernelFunction function;
    private final long count;

    private CastCuda(CudaDevice device, KernelSpec spec) {
        this.function = device.function("octet_simt_cast_" + pair(spec));
        this.count = spec.inputs().shape(0).elementCount();
    }

    /** Source and target type as kernel names have them. */
    private static String pair(KernelSpec spec) {
        DType from = spec.inputs().dtype(0);
        return from.label() + spec.outputs().get(0).dtype().label();
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (count == 0) {
            return;
        }
        function.launch(
                stream,
                Grid.elements(count, 1),
                new KernelParams().pointer(args.in(0)).pointer(args.out(0)).s64(count));
    }

    @Override
    public boolean readsConstant(int input) {
        return input == 0;
    }
}
