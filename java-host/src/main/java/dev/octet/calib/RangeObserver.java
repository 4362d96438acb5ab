package dev.octet.calib;

import dev.octet.graph.ModelException;
import dev.octet.quant.QuantRange;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;

/**
 * The exact minimum and maximum of a tensor over many samples. Merging is associative and commutative. Not thread-safe.
 */
public final class RangeObserver {
    private final String name;
    private float amin = Float.POSITIVE_INFINITY;
    private float amax = Float.NEGATIVE_INFINITY;
    private long count;

    /**
     * @param name the tensor's name, for messages
     */
    public RangeObserver(String name) {
        this.name = name;
    }

    /**
     * Takes in every element.
     *
     * @param tensor of a float type; read only, not kept
     * @throws ModelException of kind DATA if an element is NaN or infinite
     */
    public void add(Tensor tensor) {
        requireFloat(name, tensor);
        FloatChunks.forEach(tensor, this::add);
    }

    private void add(float[] values, int length) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
        }
        // min and max carry a NaN through, so one look at both ends finds any value that is not finite.
        if (length > 0 && !(Float.isFinite(low) && Float.isFinite(high))) {
            throw notFinite(values);
        }
        amin = Math.min(amin, low);
        amax = Math.max(amax, high);
        count += length;
    }

    private ModelException notFinite(float[] values) {
        int i = 0;
        while (Float.isFinite(values[i])) {
            i++;
        }
        return ModelException.data("tensor \"" + name + "\" holds " + values[i] + " at element " + (count + i)
                + " of the values seen; a range cannot be calibrated from it: check the preprocessing of the samples");
    }

    static void requireFloat(String name, Tensor tensor) {
        if (!tensor.dtype().isFloat() || tensor.dtype() == DType.F64) {
            throw ModelException.unsupported("tensor \"" + name + "\" is " + tensor
                    + "; only tensors of f32 and narrower floats can be calibrated");
        }
    }

    /** Adds what another observer of the same tensor saw. */
    public void merge(RangeObserver other) {
        amin = Math.min(amin, other.amin);
        amax = Math.max(amax, other.amax);
        count += other.count;
    }

    /** How many elements were seen. */
    public long count() {
        return count;
    }

    /** The observed range; [0, 0] before any element. A negative zero counts as zero. */
    public QuantRange range() {
        return count == 0 ? new QuantRange(0, 0) : new QuantRange(amin + 0f, amax + 0f);
    }
}
