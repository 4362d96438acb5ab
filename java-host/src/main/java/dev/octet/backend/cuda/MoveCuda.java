package dev.octet.backend.cuda;

import dev.octet.graph.op.Concat;
import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.Slice;
import dev.octet.graph.op.SpaceToDepth;
import dev.octet.graph.op.Split;
import dev.octet.graph.op.StridedMove;
import dev.octet.graph.op.Transpose;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Operators that only move elements: one or more strided copies, by {@link DeviceCopy}. */
final class MoveCuda implements CudaStep {
    static final Row CONCAT = row(MoveCuda::concat);
    static final Row DEPTH_TO_SPACE =
            row(spec -> one(StridedMove.of((DepthToSpace) spec.node().op(), input(spec))));
    static final Row REPEAT = row(
            spec -> one(StridedMove.repeated(input(spec), spec.outputs().get(0).shape())));
    static final Row SLICE = row(MoveCuda::slice);
    static final Row SPACE_TO_DEPTH =
            row(spec -> one(StridedMove.of((SpaceToDepth) spec.node().op(), input(spec))));
    static final Row SPLIT = row(MoveCuda::split);
    static final Row TRANSPOSE = row(spec -> one(StridedMove.permuted(
            input(spec), ((Transpose) spec.node().op()).order(input(spec).rank()))));

    private final List<Copy> copies;

    /** A move from an input to an output. */
    private record Move(int input, int output, StridedMove move) {}

    private record Copy(int input, int output, DeviceCopy copy) {}

    private MoveCuda(CudaDevice device, KernelSpec spec, List<Move> moves) {
        DType type = spec.inputs().dtype(0);
        this.copies = moves.stream()
                .map(move ->
                        new Copy(move.input, move.output, new DeviceCopy(device, type.bits() / Byte.SIZE, move.move)))
                .toList();
    }

    /** A row from the moves that a node takes; none if they are not known. */
    private static Row row(Function<KernelSpec, List<Move>> moves) {
        return new Row(
                "octet_simt_copy",
                spec -> supports(spec, moves.apply(spec)),
                (device, spec) -> new MoveCuda(device, spec, moves.apply(spec)));
    }

    private static boolean supports(KernelSpec spec, List<Move> moves) {
        DType type = spec.inputs().dtype(0);
        return !moves.isEmpty() && moves.stream().allMatch(move -> DeviceCopy.supports(type, move.move));
    }

    private static Shape input(KernelSpec spec) {
        return spec.inputs().shape(0);
    }

    private static List<Move> one(StridedMove move) {
        return List.of(new Move(0, 0, move));
    }

    private static List<Move> slice(KernelSpec spec) {
        Optional<Tensor> starts = KnownInput.of(spec, 1);
        Optional<Tensor> ends = KnownInput.of(spec, 2);
        boolean othersKnown = KnownInput.isAbsentOrKnown(spec, 3) && KnownInput.isAbsentOrKnown(spec, 4);
        if (starts.isEmpty() || ends.isEmpty() || !othersKnown) {
            return List.of();
        }
        Slice.Bounds bounds = new Slice.Bounds(
                starts.get().toLongs(),
                ends.get().toLongs(),
                KnownInput.of(spec, 3).map(Tensor::toLongs),
                KnownInput.of(spec, 4).map(Tensor::toLongs));
        return one(StridedMove.cut(input(spec), bounds.resolve(input(spec))));
    }

    private static List<Move> concat(KernelSpec spec) {
        Shape whole = spec.outputs().get(0).shape();
        List<Shape> parts = IntStream.range(0, spec.inputs().count())
                .mapToObj(spec.inputs()::shape)
                .toList();
        List<StridedMove> moves = StridedMove.joined(
                parts, whole, whole.axis(((Concat) spec.node().op()).axis()));
        List<Move> all = new ArrayList<>();
        for (StridedMove move : moves) {
            all.add(new Move(all.size(), 0, move));
        }
        return all;
    }

    private static List<Move> split(KernelSpec spec) {
        List<Shape> parts = spec.outputs().stream().map(type -> type.shape()).toList();
        int axis = input(spec).axis(((Split) spec.node().op()).axis());
        List<Move> all = new ArrayList<>();
        for (StridedMove move : StridedMove.parted(parts, input(spec), axis)) {
            all.add(new Move(0, all.size(), move));
        }
        return all;
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        for (Copy copy : copies) {
            if (args.wants(copy.output)) {
                copy.copy.enqueue(args.in(copy.input), args.out(copy.output), stream);
            }
        }
    }

    @Override
    public boolean readsConstant(int input) {
        return copies.stream().anyMatch(copy -> copy.input == input);
    }
}
