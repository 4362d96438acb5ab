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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Seeded inputs to measure with.
 *
 * @param batch samples a run
 */
record BenchInputs(long batch, Map<String, Tensor> tensors) {
    /**
     * What free extents are set to.
     *
     * @param batch value of each that {@code named} does not set; empty for 1, or the batch that the model fixes
     * @param named values by the extent's name
     * @param shapes of inputs by name, whatever their extents are called: exporters give different ones the same name
     */
    record Extents(OptionalLong batch, Map<String, Long> named, Map<String, Shape> shapes) {
        Extents {
            named = Map.copyOf(named);
            shapes = Map.copyOf(shapes);
        }

        Extents(OptionalLong batch, Map<String, Long> named) {
            this(batch, named, Map.of());
        }
    }

    /**
     * Makes a tensor for each input. Reals are normally distributed, 8-bit integers uniform; wider integers and
     * booleans are one, which as a token, a segment or a mask is valid everywhere.
     *
     * @throws ConfigException if the model fixes another batch, has no free extent of a wanted name, or does not
     *     declare an input's number of axes
     */
    static BenchInputs of(List<ValueInfo> inputs, Extents wanted, long seed) {
        checkNames(inputs, wanted);
        long unnamed = unnamed(inputs, wanted);
        Random random = new Random(seed);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (ValueInfo input : inputs) {
            Shape shape = Optional.ofNullable(wanted.shapes().get(input.name()))
                    .or(() -> input.withSymbols(symbol -> wanted.named().getOrDefault(symbol, unnamed)))
                    .orElseThrow(() -> new ConfigException("input \"" + Names.escape(input.name())
                            + "\" does not declare its number of axes, so it cannot be made up"));
            tensors.put(input.name(), fill(input.dtype(), shape, random));
        }
        return new BenchInputs(batch(inputs, tensors, unnamed), tensors);
    }

    /** The first extent of the first input with a free one there, which a name may have set; else {@code unnamed}. */
    private static long batch(List<ValueInfo> inputs, Map<String, Tensor> tensors, long unnamed) {
        for (ValueInfo input : inputs) {
            List<Dim> dims = input.dims().orElse(List.of());
            if (!dims.isEmpty() && dims.get(0) instanceof Dim.Symbol) {
                return Optional.ofNullable(tensors.get(input.name()))
                        .orElseThrow()
                        .shape()
                        .dim(0);
            }
        }
        return unnamed;
    }

    private static void checkNames(List<ValueInfo> inputs, Extents wanted) {
        for (String name : wanted.shapes().keySet()) {
            if (inputs.stream().noneMatch(input -> input.name().equals(name))) {
                throw new ConfigException("--shape: the model has no input \"" + Names.escape(name) + "\"");
            }
        }
        Set<String> names = new TreeSet<>();
        symbols(inputs).map(Dim.Symbol::name).filter(name -> !name.isEmpty()).forEach(names::add);
        for (String name : wanted.named().keySet()) {
            if (!names.contains(name)) {
                throw new ConfigException("--dim: the model's inputs have no free extent \"" + Names.escape(name)
                        + "\"; there is " + (names.isEmpty() ? "none" : Names.escape(String.join(", ", names))));
            }
        }
    }

    private static Stream<Dim.Symbol> symbols(List<ValueInfo> inputs) {
        return inputs.stream()
                .flatMap(input -> input.dims().stream().flatMap(List::stream))
                .filter(Dim.Symbol.class::isInstance)
                .map(Dim.Symbol.class::cast);
    }

    /** The value of free extents that no name sets. */
    private static long unnamed(List<ValueInfo> inputs, Extents extents) {
        OptionalLong wanted = extents.batch();
        if (symbols(inputs).findAny().isPresent()) {
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
