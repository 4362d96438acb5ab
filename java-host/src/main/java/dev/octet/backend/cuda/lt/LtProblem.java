package dev.octet.backend.cuda.lt;

/**
 * The product {@code d[rows][columns] = x[rows][depth] * w[columns][depth]^T}, all dense and row-major. The library sees
 * its column-major twin: w is its transposed A, x its B, so that nothing has to be transposed and a factor per row of its
 * D is a factor per column of ours.
 */
public record LtProblem(LtKind kind, long rows, long columns, long depth) {
    /** What extents of integer operands must be multiples of. */
    private static final int INTEGER_GRANULE = 4;

    /** @throws IllegalArgumentException if an extent is not positive, or the library cannot take it */
    public LtProblem {
        if (rows <= 0 || columns <= 0 || depth <= 0) {
            throw new IllegalArgumentException("no product of " + rows + " x " + depth + " x " + columns);
        }
        if (kind.isInteger() && (columns % INTEGER_GRANULE != 0 || depth % INTEGER_GRANULE != 0)) {
            throw new IllegalArgumentException("an integer product needs columns and depth in multiples of "
                    + INTEGER_GRANULE + ", got " + columns + " and " + depth);
        }
    }

    /** Short and unique, for caches and messages. */
    public String label() {
        return kind + " " + rows + "x" + columns + "x" + depth;
    }
}
