package dev.octet.backend.cuda.lt;

import java.lang.foreign.MemorySegment;

/**
 * Device memory of one product, as {@link LtProblem} names it: operands and result at multiples of
 * {@link LtMatmul#ALIGNMENT} bytes, the workspace at a multiple of {@link LtMatmul#WORKSPACE_ALIGNMENT} and as large as
 * the algorithm asks.
 *
 * @param factors f32, one a column; {@link MemorySegment#NULL} where the kind has none
 */
public record LtOperands(
        MemorySegment x, MemorySegment w, MemorySegment d, MemorySegment factors, MemorySegment workspace) {
    public LtOperands {
        requireAligned("x", x, LtMatmul.ALIGNMENT);
        requireAligned("w", w, LtMatmul.ALIGNMENT);
        requireAligned("d", d, LtMatmul.ALIGNMENT);
        requireAligned("factors", factors, Float.BYTES);
        requireAligned("workspace", workspace, LtMatmul.WORKSPACE_ALIGNMENT);
    }

    private static void requireAligned(String what, MemorySegment segment, long alignment) {
        if (segment.address() % alignment != 0) {
            throw new IllegalArgumentException(
                    what + " is at " + segment.address() + ", not at a multiple of " + alignment);
        }
    }
}
