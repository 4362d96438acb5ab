package dev.octet.cli;

import dev.octet.graph.Dim;
import dev.octet.graph.Names;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/**
 * Seeded inputs to measure with.
 *
 * @param batch samples a run
 */
record BenchInputs(long batch, Map<String, Tensor> tensors) {
    /**
     * Makes a tensor for each input. Reals are normally distributed, 8-bit integers uniform; wider integers and
     * booleans are one, which as a token, a segment or a mask is valid everywhere.
     *
     * @param wanted value of every free extent; empty for 1, or the batch that the model fixes
     * @throws ConfigException if the model fixes another batch, or does not declare an input's number of axes
     */
    static BenchInputs of(List<ValueInfo> inputs, OptionalLong wanted, long seed) {
        long batch = batch(inputs, wanted);
        Random random = new Random(seed);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (ValueInfo input : inputs) {
            Shape shape = input.withSymbols(batch)
                    .orElseThrow(() -> new ConfigException("input \"" + Names.escape(input.name())
                            + "\" does not declare its number of axes, so it cannot be made up"));
            tensors.put(input.name(), fill(input.dtype(), shape, random));
        }
        return new BenchInputs(batch, tensors);
    }

    private static long batch(List<ValueInfo> inputs, OptionalLong wanted) {
        boolean free = inputs.stream()
                .flatMap(input -> input.dims().stream().flatMap(List::stream))
                .anyMatch(Dim.Symbol.class::isInstance);
        if (free) {
            return wanted.orElse(1);
        }
        long fixed = inputs.stream()
                .flatMap(input -> input.staticShape().stream())
                .filter(shape -> shape.rank() > 1)
                .mapToLong(shape -> shape.dim(0))
                .findFirst()
                .orElse(1);
        if (wanted.isPresent() && wanted.getAsLong() != fixed) {
            throw new ConfigException("--batch is " + wanted.getAsLong()
                    + " but all extents of the model are fixed, its batch to " + fixed);
        }
        return fixed;
    }

    private static Tensor fill(DType dtype, Shape shape, Random random) {
        Tensor tensor = Tensor.allocate(dtype, shape);
        for (long i = 0; i < tensor.elementCount(); i++) {
            if (dtype.isFloat()) {
                tensor.setDouble(i, random.nextGaussian());
            } else if (dtype.isInteger() && dtype.bits() == 8) {
                tensor.setLong(i, dtype.minInteger() + random.nextInt(256));
            } else {
                tensor.setLong(i, 1);
            }
        }
        return tensor;
    }
}
