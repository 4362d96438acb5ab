package dev.octet.bench.cpu;

import dev.octet.backend.cpu.CpuPeaks;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.Node;
import dev.octet.graph.OpInputs;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.runtime.Backend;
import dev.octet.runtime.Backends;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.WorkerPool;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A case made ready to run again and again, with the fastest kernel of this machine. Closed by its owner. */
public final class PreparedKernel implements AutoCloseable {
    /** Of a float result's largest element: sums of a few thousand products differ by the order of their additions. */
    private static final double TOLERANCE = 1e-4;

    private final Arena arena = Arena.ofShared();
    private final KernelCase kernelCase;
    private final WorkerPool workers;
    private final KernelArgs args;
    private final Kernel kernel;
    private final String name;

    /**
     * Prepares.
     *
     * @throws IllegalStateException if the kernel's result is not that of the Java kernels
     */
    public PreparedKernel(KernelCase kernelCase, int threads) {
        this.kernelCase = kernelCase;
        Backend backend = Backends.find().host();
        this.workers = new WorkerPool(threads, backend::placement);
        KernelSpec spec = spec();
        KernelFactory factory = backend.kernel(spec).orElseThrow();
        this.name = factory.name();
        this.args = args(spec);
        this.kernel = factory.prepare().apply(spec);
        run();
        KernelArgs expected = args(spec);
        backend.withKernels("java")
                .kernel(spec)
                .orElseThrow()
                .prepare()
                .apply(spec)
                .run(expected, workers);
        requireSame(args.out(0), expected.out(0));
    }

    private KernelSpec spec() {
        List<Tensor> inputs = kernelCase.inputs();
        List<String> names =
                IntStream.range(0, inputs.size()).mapToObj(i -> "x" + i).toList();
        Node node = new Node("benchmark", kernelCase.op(), names, List.of("y"));
        List<Optional<TensorType>> types = inputs.stream()
                .map(tensor -> Optional.of(new TensorType(tensor.dtype(), tensor.shape())))
                .toList();
        List<Optional<Tensor>> known = IntStream.range(0, inputs.size())
                .mapToObj(i -> Optional.of(inputs.get(i)).filter(_ -> kernelCase.isConstant(i)))
                .toList();
        try {
            List<TensorType> outputs = ShapeInference.outputTypes(node, types, known);
            return new KernelSpec(node, new OpInputs(types, known, 1), outputs, arena);
        } catch (DataDependentShapeException e) {
            throw new IllegalStateException(e);
        }
    }

    private KernelArgs args(KernelSpec spec) {
        List<Optional<Tensor>> natives = kernelCase.inputs().stream()
                .map(tensor -> {
                    Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape(), arena);
                    copy.copyFrom(tensor);
                    return Optional.of(copy);
                })
                .toList();
        TensorType y = spec.outputs().get(0);
        return new KernelArgs(natives, List.of(Optional.of(Tensor.allocate(y.dtype(), y.shape(), arena))));
    }

    private void requireSame(Tensor actual, Tensor expected) {
        boolean same = actual.contentEquals(expected);
        if (!same && actual.dtype() == DType.F32) {
            double largest = 0;
            double apart = 0;
            for (long i = 0; i < actual.elementCount(); i++) {
                largest = Math.max(largest, Math.abs(expected.getDouble(i)));
                apart = Math.max(apart, Math.abs(actual.getDouble(i) - expected.getDouble(i)));
            }
            same = apart <= TOLERANCE * largest;
        }
        if (!same) {
            throw new IllegalStateException(name + " computes something else than the Java kernel");
        }
    }

    /** Such as {@code avx2_qconv}. */
    public String name() {
        return name;
    }

    /** Runs once; the result. */
    public Tensor run() {
        kernel.run(args, workers);
        return args.out(0);
    }

    /** The share of a second that one run takes at what this machine can do at most, measured now. */
    public double secondsAtPeak() {
        CpuPeaks peaks = CpuPeaks.measure(workers.count());
        double perNanosecond = switch (kernelCase.bound()) {
            case INT8 -> peaks.int8Gops();
            case FP32 -> peaks.fp32Gflops();
            case MEMORY -> peaks.copyGBs();
        };
        return kernelCase.work() / perNanosecond / 1e9;
    }

    @Override
    public void close() {
        workers.close();
        arena.close();
    }
}
