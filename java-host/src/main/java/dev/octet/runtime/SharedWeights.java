package dev.octet.runtime;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What kernels make of constants alone, such as packed weights: made once and used by the plans of all input shapes.
 * Thread-safe; lives as long as its arena.
 */
public final class SharedWeights {
    private final Arena arena;
    private final Map<String, Object> made = new HashMap<>();

    public SharedWeights(Arena arena) {
        this.arena = arena;
    }

    /**
     * The object of a key, made now if nobody asked before.
     *
     * @param key names the node, what is made and everything it depends on beside the node's constants
     * @param type of what {@code make} returns, the same for every use of a key
     */
    public synchronized <T> T get(String key, Class<T> type, Function<Arena, T> make) {
        Object present = made.get(key);
        if (present == null) {
            present = make.apply(arena);
            made.put(key, present);
        }
        return type.cast(present);
    }
}
