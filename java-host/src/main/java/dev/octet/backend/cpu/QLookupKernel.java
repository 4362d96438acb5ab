package dev.octet.backend.cpu;

import dev.octet.graph.op.QLookup;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Maps bytes through a table, see {@link QLookup}. */
final class QLookupKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_qlookup", spec -> new QLookupKernel(((QLookup) spec.node().op()).table()));

    private static final int CHUNK = 1 << 14;

    private final byte[] table;

    private QLookupKernel(byte[] table) {
        this.table = table;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment in = args.in(0).data();
        MemorySegment out = args.out(0).data();
        long count = in.byteSize();
        workers.forEach(Math.toIntExact(Math.ceilDiv(count, CHUNK)), task -> {
            long from = (long) task * CHUNK;
            byte[] bytes = new byte[(int) Math.min(CHUNK, count - from)];
            MemorySegment.copy(in, Tensor.S8_LAYOUT, from, bytes, 0, bytes.length);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = table[bytes[i] & 0xFF];
            }
            MemorySegment.copy(bytes, 0, out, Tensor.S8_LAYOUT, from, bytes.length);
        });
    }
}
