package dev.octet.backend.cuda.lt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/**
 * One way in which the library can compute a product.
 *
 * @param data the library's own 64 bytes, which are valid for this version of the library and this device
 * @param workspaceBytes device memory that it needs
 * @param usesImma whether the library says that it runs on integer tensor cores
 */
public record LtAlgorithm(MemorySegment data, long workspaceBytes, boolean usesImma) {
    /** The library's bytes as text. */
    public String toHex() {
        return HexFormat.of().formatHex(data.toArray(ValueLayout.JAVA_BYTE));
    }

    /**
     * The library's bytes from text.
     *
     * @throws IllegalArgumentException if it is not such a text
     */
    static MemorySegment fromHex(String hex, Arena arena) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != LtAbi.ALGORITHM_BYTES) {
            throw new IllegalArgumentException("an algorithm has " + LtAbi.ALGORITHM_BYTES + " bytes");
        }
        MemorySegment data = arena.allocate(LtAbi.ALGORITHM);
        MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return data;
    }
}
