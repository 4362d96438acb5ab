package dev.octet.runtime;

import dev.octet.graph.Attributes;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Operators with the smallest definitions that exercise the runtime, and a backend that computes them. */
final class TestOps {
    private TestOps() {}

    /** Adds a number to each element; a second input, if there, is added too. */
    record AddTo(float number) implements Op {
        @Override
        public OpType type() {
            return OpType.internal("AddTo", 1, 2);
        }

        @Override
        public Attributes attributes() {
            return Attributes.NONE;
        }

        @Override
        public List<Shape> outputShapes(OpInputs in) {
            return List.of(in.shape(0));
        }
    }

    /** Outputs its input and its negative. */
    record Both() implements Op {
        @Override
        public OpType type() {
            return OpType.internal("Both", 1, 1).outputs(1, 2);
        }

        @Override
        public Attributes attributes() {
            return Attributes.NONE;
        }

        @Override
        public List<Shape> outputShapes(OpInputs in) {
            return Collections.nCopies(in.outputCount(), in.shape(0));
        }
    }

    /** The positive elements in a row: how many there are depends on the data. */
    record Positive() implements Op {
        @Override
        public OpType type() {
            return OpType.internal("Positive", 1, 1);
        }

        @Override
        public Attributes attributes() {
            return Attributes.NONE;
        }

        @Override
        public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
            Tensor value = in.value(0);
            int count = 0;
            for (float element : value.toFloats()) {
                count += element > 0 ? 1 : 0;
            }
            return List.of(Shape.of(count));
        }
    }

    /** A tensor of ones with these extents. */
    record Ones(List<Long> dims) implements Op {
        @Override
        public OpType type() {
            return OpType.internal("Ones", 1, 1);
        }

        @Override
        public Attributes attributes() {
            return Attributes.NONE;
        }

        @Override
        public List<Shape> outputShapes(OpInputs in) {
            return List.of(Shape.of(dims.stream().mapToLong(Long::longValue).toArray()));
        }
    }

    /** Fails on every run. */
    record Fail(boolean asModelFault) implements Op {
        @Override
        public OpType type() {
            return OpType.internal("Fail", 1, 1);
        }

        @Override
        public Attributes attributes() {
            return Attributes.NONE;
        }

        @Override
        public List<Shape> outputShapes(OpInputs in) {
            return List.of(in.shape(0));
        }
    }

    /** Computes the operators above on native memory only. */
    static final class TestBackend implements Backend {
        final AtomicInteger prepared = new AtomicInteger();

        @Override
        public String name() {
            return "test";
        }

        @Override
        public Optional<String> unavailable() {
            return Optional.empty();
        }

        @Override
        public Optional<KernelFactory> kernel(KernelSpec spec) {
            Optional<Kernel> kernel = Optional.ofNullable(
                    switch (spec.node().op()) {
                        case AddTo(float number) -> (args, workers) -> addTo(args, workers, number);
                        case Both _ -> TestOps::both;
                        case Positive _ -> TestOps::positive;
                        case Ones _ -> (args, _) -> fill(args.out(0));
                        case Fail(boolean asModelFault) ->
                            (_, _) -> {
                                throw asModelFault
                                        ? ModelException.data("bad index 7")
                                        : new ArithmeticException("boom");
                            };
                        default -> null;
                    });
            return kernel.map(k -> KernelFactory.of("test_kernel", _ -> {
                prepared.incrementAndGet();
                return k;
            }));
        }
    }

    private static void fill(Tensor out) {
        for (int i = 0; i < out.elementCount(); i++) {
            out.setFloat(i, 1);
        }
    }

    private static void addTo(KernelArgs args, Workers workers, float number) {
        requireNative(args.in(0).data());
        workers.forEach(Math.toIntExact(args.in(0).elementCount()), i -> {
            float second = args.has(1) ? args.in(1).getFloat(i) : 0;
            args.out(0).setFloat(i, args.in(0).getFloat(i) + number + second);
        });
    }

    private static void both(KernelArgs args, Workers workers) {
        for (int i = 0; i < args.in(0).elementCount(); i++) {
            if (args.wants(0)) {
                args.out(0).setFloat(i, args.in(0).getFloat(i));
            }
            if (args.wants(1)) {
                args.out(1).setFloat(i, -args.in(0).getFloat(i));
            }
        }
    }

    private static void positive(KernelArgs args, Workers workers) {
        int next = 0;
        for (float element : args.in(0).toFloats()) {
            if (element > 0) {
                args.out(0).setFloat(next++, element);
            }
        }
    }

    private static void requireNative(MemorySegment segment) {
        if (!segment.isNative()) {
            throw new AssertionError("a kernel was given heap memory");
        }
    }
}
