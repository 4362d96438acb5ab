package dev.octet.backend.cuda;

import dev.octet.backend.cpu.CpuBackend;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.runtime.DeviceKernel;
import dev.octet.runtime.DeviceKernelFactory;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Lane;
import dev.octet.runtime.SharedWeights;
import dev.octet.runtime.Workers;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs one operator on the CPU's Java kernels and on the CUDA device over the same inputs, and compares the outputs. The
 * outputs on the device start as garbage, so that an element that is not written shows.
 */
final class CudaOracle {
    private static final byte GARBAGE = 0x5A;

    private final Op op;
    private final BitSet constants = new BitSet();
    private int outputCount = 1;
    private boolean passesNan;
    private String hostKernels = "java";
    private Optional<Row> row = Optional.empty();

    /**
     * How far a float may be from the expected one: {@code absolute + relative * |expected|}. Infinities must be equal; a
     * NaN must be a NaN only where the operator is asked for one.
     */
    record Tolerance(double absolute, double relative) {}

    private CudaOracle(Op op) {
        this.op = op;
    }

    /** An operator with one output, none of whose inputs the kernel sees when it is prepared. */
    static CudaOracle of(Op op) {
        return new CudaOracle(op);
    }

    /** Lets the kernel see these inputs when it is prepared, such as weights. */
    CudaOracle constants(int... inputs) {
        for (int input : inputs) {
            constants.set(input);
        }
        return this;
    }

    CudaOracle outputs(int count) {
        outputCount = count;
        return this;
    }

    /** Wants NaN wherever the CPU has it, for operators that pass it on, instead of failing there. */
    CudaOracle passesNan() {
        passesNan = true;
        return this;
    }

    /** Compares with other kernels of the CPU than the Java ones; skips the test where this CPU does not have them. */
    CudaOracle against(String kernels) {
        hostKernels = kernels;
        try {
            new CpuBackend().withKernels(kernels).describe();
        } catch (ConfigException e) {
            Assumptions.abort(e.getMessage());
        }
        return this;
    }

    /** Takes a row of the device's kernels that the backend might not choose. */
    CudaOracle through(Row forced) {
        row = Optional.of(forced);
        return this;
    }

    /** Fails unless all outputs are equal; NaN fails. */
    void exact(Tensor... inputs) {
        exact(present(inputs));
    }

    /** Likewise where optional inputs are absent. */
    void exact(List<Optional<Tensor>> inputs) {
        compare(inputs, new Tolerance(0, 0));
    }

    /** Fails unless all outputs are as close as the tolerance says; NaN fails. */
    void within(Tolerance tolerance, Tensor... inputs) {
        compare(present(inputs), tolerance);
    }

    /** Likewise where optional inputs are absent. */
    void within(Tolerance tolerance, List<Optional<Tensor>> inputs) {
        compare(inputs, tolerance);
    }

    /** The name of the row that takes the operator, if one does. */
    Optional<String> kernel(List<Optional<Tensor>> inputs) {
        CudaTests.requireDevice();
        try (Arena arena = Arena.ofShared();
                CudaDevice device = open()) {
            return device.kernel(spec(inputs, arena)).map(DeviceKernelFactory::name);
        }
    }

    static List<Optional<Tensor>> present(Tensor... inputs) {
        return Arrays.stream(inputs).map(Optional::of).toList();
    }

    private static CudaDevice open() {
        return new CudaDevice(0, CudaImage.OF_THIS_BUILD::bytes);
    }

    private void compare(List<Optional<Tensor>> inputs, Tolerance tolerance) {
        CudaTests.requireDevice();
        List<Tensor> expected = onHost(inputs);
        List<Tensor> actual = onDevice(inputs);
        for (int i = 0; i < outputCount; i++) {
            if (passesNan) {
                clearCommonNan(expected.get(i), actual.get(i));
            }
            requireClose(expected.get(i), actual.get(i), tolerance, "output " + i + " of " + op + " over " + inputs);
        }
    }

    private static void clearCommonNan(Tensor a, Tensor b) {
        for (long i = 0; i < Math.min(a.elementCount(), b.elementCount()); i++) {
            if (Double.isNaN(a.getDouble(i)) && Double.isNaN(b.getDouble(i))) {
                a.setDouble(i, 0);
                b.setDouble(i, 0);
            }
        }
    }

    /** Fails unless every element of two tensors of the same type is as close as the tolerance says; NaN fails. */
    static void requireClose(Tensor expected, Tensor actual, Tolerance tolerance, String what) {
        if (expected.dtype() != actual.dtype() || !expected.shape().equals(actual.shape())) {
            throw new AssertionError(what + " is " + actual + ", expected " + expected);
        }
        boolean isFloat = expected.dtype().isFloat();
        for (long i = 0; i < expected.elementCount(); i++) {
            boolean close = isFloat
                    ? isClose(expected.getDouble(i), actual.getDouble(i), tolerance)
                    : expected.getLong(i) == actual.getLong(i);
            if (!close) {
                String want = isFloat ? "" + expected.getDouble(i) : "" + expected.getLong(i);
                String got = isFloat ? "" + actual.getDouble(i) : "" + actual.getLong(i);
                throw new AssertionError(
                        what + ": element " + i + " of " + expected + " is " + got + ", expected " + want);
            }
        }
    }

    private static boolean isClose(double expected, double actual, Tolerance tolerance) {
        return expected == actual
                || Math.abs(expected - actual) <= tolerance.absolute + tolerance.relative * Math.abs(expected);
    }

    private List<Tensor> onHost(List<Optional<Tensor>> inputs) {
        try (Arena arena = Arena.ofShared()) {
            KernelSpec spec = spec(inputs, arena);
            List<Optional<Tensor>> natives = inputs.stream()
                    .map(input -> input.map(tensor -> {
                        Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape(), arena);
                        copy.copyFrom(tensor);
                        return copy;
                    }))
                    .toList();
            List<Optional<Tensor>> outputs = spec.outputs().stream()
                    .map(type -> Optional.of(Tensor.allocate(type.dtype(), type.shape(), arena)))
                    .toList();
            new CpuBackend()
                    .withKernels(hostKernels)
                    .kernel(spec)
                    .orElseThrow(() -> new AssertionError("no CPU kernel for " + op))
                    .prepare()
                    .apply(spec)
                    .run(new KernelArgs(natives, outputs), Workers.SINGLE);
            return outputs.stream().map(output -> output.orElseThrow().copy()).toList();
        }
    }

    /** The operator's outputs on the device. */
    List<Tensor> onDevice(List<Optional<Tensor>> inputs) {
        CudaTests.requireDevice();
        try (CudaDevice device = open();
                Arena arena = Arena.ofShared()) {
            KernelSpec spec = spec(inputs, arena);
            DeviceKernel kernel = row.map(device::factory)
                    .or(() -> device.kernel(spec))
                    .orElseThrow(() -> new AssertionError("no CUDA kernel for " + op + " over " + inputs))
                    .prepare()
                    .apply(spec);
            List<Optional<Tensor>> given = IntStream.range(0, inputs.size())
                    .mapToObj(i -> inputs.get(i).map(tensor -> {
                        boolean read = !constants.get(i) || kernel.readsConstant(i);
                        MemorySegment data = read ? device.upload(tensor.data(), arena) : tensor.data();
                        return Tensor.wrap(tensor.dtype(), tensor.shape(), data);
                    }))
                    .toList();
            List<Optional<Tensor>> outputs = new ArrayList<>();
            for (TensorType type : spec.outputs()) {
                MemorySegment garbage = arena.allocate(type.sizeBytes()).fill(GARBAGE);
                outputs.add(Optional.of(Tensor.wrap(type.dtype(), type.shape(), device.upload(garbage, arena))));
            }
            return run(device, kernel, new KernelArgs(given, outputs));
        }
    }

    private static List<Tensor> run(CudaDevice device, DeviceKernel kernel, KernelArgs args) {
        long largest = args.outputs().stream()
                .mapToLong(output -> output.orElseThrow().data().byteSize())
                .max()
                .orElse(0);
        try (Lane lane = device.openLane(0, largest)) {
            kernel.enqueue(args, lane);
            List<Tensor> results = new ArrayList<>();
            for (Optional<Tensor> output : args.outputs()) {
                Tensor onDevice = output.orElseThrow();
                MemorySegment staged = lane.staging().asSlice(0, onDevice.data().byteSize());
                lane.download(onDevice.data(), staged);
                lane.finish();
                results.add(
                        Tensor.wrap(onDevice.dtype(), onDevice.shape(), staged).copy());
            }
            return results;
        }
    }

    /** What kernels are asked for. */
    KernelSpec spec(List<Optional<Tensor>> inputs, Arena arena) {
        List<String> names = IntStream.range(0, inputs.size())
                .mapToObj(i -> inputs.get(i).isPresent() ? "x" + i : "")
                .toList();
        List<String> outputs =
                IntStream.range(0, outputCount).mapToObj(i -> "y" + i).toList();
        Node node = new Node("test", op, names, outputs);
        List<Optional<TensorType>> types = inputs.stream()
                .map(input -> input.map(tensor -> new TensorType(tensor.dtype(), tensor.shape())))
                .toList();
        List<Optional<Tensor>> known = IntStream.range(0, inputs.size())
                .mapToObj(i -> constants.get(i) ? inputs.get(i) : Optional.<Tensor>empty())
                .toList();
        try {
            List<TensorType> outputTypes = ShapeInference.outputTypes(node, types, known);
            OpInputs view = new OpInputs(types, known, outputCount);
            return new KernelSpec(node, view, outputTypes, arena, new SharedWeights(arena));
        } catch (DataDependentShapeException e) {
            throw new AssertionError("declare the input that gives the shape a constant", e);
        }
    }
}
