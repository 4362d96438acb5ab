package dev.octet.backend.cuda;

import dev.octet.graph.op.QLookup;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import java.lang.foreign.MemorySegment;

/** Maps bytes through a table of 256. */
final class QLookupCuda implements CudaStep {
    static final Row ROW = new Row("octet_simt_qlookup_b8", _ -> true, QLookupCuda::new);

    private static final int VECTOR_BYTES = 16;

    private final KernelFunction function;
    private final MemorySegment table;
    private final long count;

    private QLookupCuda(CudaDevice device, KernelSpec spec) {
        this.function = device.function("octet_simt_qlookup_b8");
        this.count = spec.inputs().shape(0).elementCount();
        byte[] entries = ((QLookup) spec.node().op()).table();
        this.table = spec.shared()
                .get(
                        spec.node().name() + ": table",
                        MemorySegment.class,
                        arena -> device.upload(MemorySegment.ofArray(entries), arena));
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (count == 0) {
            return;
        }
        KernelParams params = new KernelParams()
                .pointer(args.in(0))
                .pointer(table)
                .pointer(args.out(0))
                .s64(count);
        function.launch(stream, Grid.elements(count, VECTOR_BYTES), params);
    }
}
