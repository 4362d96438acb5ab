package dev.octet.backend.cuda;

import dev.octet.graph.Op;
import java.util.List;
import java.util.Map;

/** All CUDA kernels: of an operator's rows the first that supports a node is used. */
final class CudaKernels {
    static final Map<Class<? extends Op>, List<Row>> ALL = Map.ofEntries();

    private CudaKernels() {}
}
