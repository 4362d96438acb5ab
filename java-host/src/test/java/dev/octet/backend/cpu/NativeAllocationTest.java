package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Node;
import dev.octet.graph.OpInputs;
import dev.octet.graph.TensorType;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QMatMul;
import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.WorkerPool;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeAllocationTest {
    private static final int WARM_UP = 30_000;
    private static final int RUNS = 5_000;

    private final Tensor weight = NativeHarness.randomBytes(DType.S8, Shape.of(67, 45), new Random(1));

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void run_boundAndWarmedUp_allocatesNothing(int threads) {
        var measured = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Arena arena = Arena.ofShared();
                WorkerPool workers = new WorkerPool(threads)) {
            BoundKernel product = product(arena);
            for (int run = 0; run < WARM_UP; run++) {
                product.run(workers);
            }

            long before = measured.getCurrentThreadAllocatedBytes();
            for (int run = 0; run < RUNS; run++) {
                product.run(workers);
            }

            // Less than the smallest object a run: what the virtual machine itself may need now and then.
            assertThat(measured.getCurrentThreadAllocatedBytes() - before).isLessThan(RUNS * 8L);
        }
    }

    private BoundKernel product(Arena arena) {
        Epilogue epilogue = new Epilogue.ToInt8(DType.U8, new float[] {0.001f}, 7, 0, 255, Optional.empty());
        Node node = new Node("product", new QMatMul(3, 0, epilogue), List.of("a", "b"), List.of("y"));
        TensorType a = new TensorType(DType.U8, Shape.of(101, 67));
        TensorType b = new TensorType(DType.S8, weight.shape());
        TensorType y = new TensorType(DType.U8, Shape.of(101, 45));
        OpInputs inputs = new OpInputs(
                List.of(Optional.of(a), Optional.of(b)), List.of(Optional.empty(), Optional.of(weight)), 1);
        KernelSpec spec = new KernelSpec(node, inputs, List.of(y), arena);
        KernelFactory factory = NativeHarness.backend("generic").kernel(spec).orElseThrow();
        Tensor left = Tensor.allocate(a.dtype(), a.shape(), arena);
        Tensor right = Tensor.allocate(b.dtype(), b.shape(), arena);
        Tensor result = Tensor.allocate(y.dtype(), y.shape(), arena);
        return factory.prepare()
                .apply(spec)
                .bind(new KernelArgs(List.of(Optional.of(left), Optional.of(right)), List.of(Optional.of(result))));
    }
}
