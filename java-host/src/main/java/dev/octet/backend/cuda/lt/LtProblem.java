package dev.octet.backend.cuda.lt;

/**
 * The product {@code d[rows][columns] = x[rows][depth] * w[columns][depth]^T}, all row-major. The library sees its
 * column-major twin: w is its transposed A, x its B, so that nothing has to be transposed and a factor per row of its D is
 * a factor per column of ours.
 */
public record LtProblem(LtKind kind, long rows, long columns, long depth, Strides strides) {
    /** What extents and strides of integer operands must be multiples of. */
    private static final int INTEGER_GRANULE = 4;

    /** Elements from one row to the next. */
    public record Strides(long x, long w, long d) {}

    /** @throws IllegalArgumentException if extents or strides are impossible, or the library cannot take them */
    public LtProblem {
        if (rows <= 0 || columns <= 0 || depth <= 0) {
            throw new IllegalArgumentException("no product of " + rows + " x " + depth + " x " + columns);
        }
        if (strides.x < depth || strides.w < depth || strides.d < columns) {
            throw new IllegalArgumentException("rows of " + depth + " and " + columns + " overlap with " + strides);
        }
        if (kind.isInteger() && (columns | depth | strides.x | strides.w | strides.d) % INTEGER_GRANULE != 0) {
            throw new IllegalArgumentException("an integer product needs multiples of " + INTEGER_GRANULE + ", got "
                    + columns + " columns of " + depth + " with " + strides);
        }
    }

    /** Dense operands and result. */
    public static LtProblem dense(LtKind kind, long rows, long columns, long depth) {
        return new LtProblem(kind, rows, columns, depth, new Strides(depth, depth, columns));
    }

    /** Short and unique, for caches and messages. */
    public String label() {
        return kind + " " + rows + "x" + columns + "x" + depth + " x" + strides.x + " w" + strides.w + " d" + strides.d;
    }
}
