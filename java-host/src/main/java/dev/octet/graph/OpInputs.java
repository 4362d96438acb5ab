package dev.octet.graph;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is known of a node's inputs when its outputs' types are wanted: types always, values sometimes. */
public final class OpInputs {
    private final List<Optional<TensorType>> types;
    private final List<Optional<Tensor>> values;
    private final int outputCount;

    /**
     * Creates the view.
     *
     * @param types one entry an input, empty where an optional input is absent
     * @param values likewise, empty also where the value is not known
     * @param outputCount number of outputs the node names, trailing absent ones excluded
     */
    public OpInputs(List<Optional<TensorType>> types, List<Optional<Tensor>> values, int outputCount) {
        this.types = List.copyOf(types);
        this.values = List.copyOf(values);
        this.outputCount = outputCount;
    }

    public int count() {
        return types.size();
    }

    public int outputCount() {
        return outputCount;
    }

    public boolean has(int input) {
        return input < types.size() && types.get(input).isPresent();
    }

    public TensorType type(int input) {
        if (!has(input)) {
            throw ModelException.invalid("input " + input + " is missing");
        }
        return types.get(input).orElseThrow();
    }

    public Shape shape(int input) {
        return type(input).shape();
    }

    public DType dtype(int input) {
        return type(input).dtype();
    }

    /** Checks that an input, if it is there, has one of these numbers of elements. */
    public void requireCount(int input, long... counts) {
        if (has(input)
                && Arrays.stream(counts)
                        .noneMatch(count -> count == shape(input).elementCount())) {
            throw ModelException.invalid("input " + input + " is " + shape(input) + ", expected "
                    + Arrays.stream(counts).distinct().mapToObj(Long::toString).collect(Collectors.joining(" or "))
                    + " elements");
        }
    }

    /** The value of an input, where its shape-giving value is needed. */
    public Tensor value(int input) throws DataDependentShapeException {
        type(input);
        return values.get(input).orElseThrow(() -> new DataDependentShapeException(input));
    }

    /** The value of an input, if it is there and known. */
    public Optional<Tensor> known(int input) {
        return input < values.size() ? values.get(input) : Optional.empty();
    }

    /** The value of an integer input as longs. */
    public long[] longs(int input) throws DataDependentShapeException {
        return value(input).toLongs();
    }

    /** Like {@link #longs}, or empty if the input is absent. */
    public Optional<long[]> longsIfPresent(int input) throws DataDependentShapeException {
        return has(input) ? Optional.of(longs(input)) : Optional.empty();
    }
}
