package dev.octet.graph.op;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes every step-th position from start up to end on some axes. Inputs: data, starts, ends, optional axes, optional
 * steps. ONNX Slice, opset 13.
 */
public record Slice() implements Op {
    static final OpType TYPE = OpType.onnx("Slice", 1, 13, 1, _ -> new Slice()).inputs(3, 5);

    /** What is taken of one axis: {@code extent} positions from {@code start}, {@code step} apart. */
    public record Cut(long start, long step, long extent) {}

    /** The values of inputs 1 to 4. */
    public record Bounds(long[] starts, long[] ends, Optional<long[]> axes, Optional<long[]> steps) {
        /**
         * One cut an axis of {@code shape}: negative bounds count from the end, bounds outside are clamped.
         *
         * @throws ModelException if the lists differ in length, an axis is wrong or a step is 0
         */
        public List<Cut> resolve(Shape shape) {
            List<Cut> cuts = new ArrayList<>();
            for (int axis = 0; axis < shape.rank(); axis++) {
                cuts.add(new Cut(0, 1, shape.dim(axis)));
            }
            if (starts.length > shape.rank()) {
                throw ModelException.invalid("starts has " + starts.length + " entries for " + shape);
            }
            int[] along = Extents.axes(axes, axes.isPresent() ? shape.rank() : starts.length);
            Extents.requireLength("ends", ends, starts.length);
            axes.ifPresent(values -> Extents.requireLength("axes", values, starts.length));
            steps.ifPresent(values -> Extents.requireLength("steps", values, starts.length));
            for (int i = 0; i < starts.length; i++) {
                long step = steps.isPresent() ? steps.get()[i] : 1;
                cuts.set(along[i], cut(shape.dim(along[i]), starts[i], ends[i], step));
            }
            return cuts;
        }

        private static Cut cut(long dim, long start, long end, long step) {
            if (step == 0) {
                throw ModelException.invalid("step 0");
            }
            if (dim == 0) {
                return new Cut(0, step, 0);
            }
            long low = step > 0 ? 0 : -1;
            long high = step > 0 ? dim : dim - 1;
            long from = Math.clamp(start < 0 ? start + dim : start, Math.max(low, 0), high);
            long to = Math.clamp(end < 0 ? end + dim : end, low, high);
            return new Cut(from, step, Math.max(0, Math.ceilDiv(to - from, step)));
        }
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        Bounds bounds = new Bounds(in.longs(1), in.longs(2), in.longsIfPresent(3), in.longsIfPresent(4));
        return List.of(Shape.of(
                bounds.resolve(in.shape(0)).stream().mapToLong(Cut::extent).toArray()));
    }
}
