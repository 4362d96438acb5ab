package dev.octet.backend.cuda;

import static java.util.Map.entry;

import dev.octet.graph.Op;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import java.util.List;
import java.util.Map;

/** All CUDA kernels: of an operator's rows the first that supports a node is used. */
final class CudaKernels {
    static final Map<Class<? extends Op>, List<Row>> ALL = Map.ofEntries(
            entry(DequantizeLinear.class, List.of(QuantizeCuda.DEQUANTIZE)),
            entry(QuantizeLinear.class, List.of(QuantizeCuda.QUANTIZE)));

    private CudaKernels() {}
}
