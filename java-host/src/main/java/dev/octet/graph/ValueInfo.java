package dev.octet.graph;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * A declared input or output of a graph.
 *
 * @param dims its extents, empty if the model does not even fix the rank
 */
public record ValueInfo(String name, DType dtype, Optional<List<Dim>> dims) {
    public ValueInfo {
        dims = dims.map(List::copyOf);
    }

    public static ValueInfo of(String name, DType dtype, long... dims) {
        return new ValueInfo(
                name,
                dtype,
                Optional.of(java.util.Arrays.stream(dims)
                        .<Dim>mapToObj(Dim.Known::new)
                        .toList()));
    }

    /** The shape if every extent is known. */
    public Optional<Shape> staticShape() {
        return withSymbols(-1);
    }

    /** The shape with every symbol set to {@code size}; empty if the rank is unknown or {@code size} is negative. */
    public Optional<Shape> withSymbols(long size) {
        return withSymbols(_ -> size);
    }

    /** The shape with each symbol set to the extent of its name; empty if the rank is unknown or one is negative. */
    public Optional<Shape> withSymbols(ToLongFunction<String> extentOf) {
        if (dims.isEmpty()) {
            return Optional.empty();
        }
        long[] extents = new long[dims.get().size()];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = switch (dims.get().get(i)) {
                case Dim.Known(long known) -> known;
                case Dim.Symbol(String symbol) -> extentOf.applyAsLong(symbol);
            };
            if (extents[i] < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(Shape.of(extents));
    }

    /** The declared type, such as {@code f32[N,3,224,224]}; {@code ?} for an unnamed symbol. */
    public String describeType() {
        String extents = dims.map(list -> list.stream()
                        .map(dim -> switch (dim) {
                            case Dim.Known(long known) -> Long.toString(known);
                            case Dim.Symbol(String symbol) -> symbol.isEmpty() ? "?" : Names.escape(symbol);
                        })
                        .collect(java.util.stream.Collectors.joining(",", "[", "]")))
                .orElse("[...]");
        return dtype.label() + extents;
    }
}
