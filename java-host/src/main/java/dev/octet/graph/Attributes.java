package dev.octet.graph;

import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The attributes of an operator by name: long, float, String, Tensor, long[], float[] or a list of strings. Immutable;
 * arrays are copied in and out.
 */
public final class Attributes {
    public static final Attributes NONE = new Attributes(Map.of());

    private final Map<String, Object> values;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    private Attributes(Map<String, Object> values) {
        this.values = values;
    }

    /** Collects attributes; putting an absent value is left out by the caller. */
    public static final class Builder {
        private final Map<String, Object> values = new TreeMap<>();

        public Builder put(String name, long value) {
            values.put(name, value);
            return this;
        }

        public Builder put(String name, boolean value) {
            return put(name, value ? 1L : 0L);
        }

        public Builder put(String name, float value) {
            values.put(name, value);
            return this;
        }

        public Builder put(String name, String value) {
            values.put(name, value);
            return this;
        }

        public Builder put(String name, Tensor value) {
            values.put(name, value);
            return this;
        }

        public Builder put(String name, long[] value) {
            values.put(name, value.clone());
            return this;
        }

        public Builder put(String name, float[] value) {
            values.put(name, value.clone());
            return this;
        }

        public Builder put(String name, List<String> value) {
            values.put(name, List.copyOf(value));
            return this;
        }

        public Attributes build() {
            return new Attributes(new TreeMap<>(values));
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    public Set<String> names() {
        return Set.copyOf(values.keySet());
    }

    /** Those whose presence or value nobody has asked for so far. */
    public Set<String> unread() {
        Set<String> unread = new TreeSet<>(values.keySet());
        unread.removeAll(asked);
        return unread;
    }

    public boolean has(String name) {
        asked.add(name);
        return values.containsKey(name);
    }

    /** The attribute's value; for the writer, which switches on its type. */
    public Object get(String name) {
        return require(name);
    }

    public long integer(String name) {
        return cast(name, Long.class);
    }

    public long integer(String name, long absent) {
        return has(name) ? integer(name) : absent;
    }

    public boolean flag(String name, boolean absent) {
        long value = integer(name, absent ? 1 : 0);
        if (value != 0 && value != 1) {
            throw ModelException.invalid("attribute " + name + " is " + value + ", expected 0 or 1");
        }
        return value == 1;
    }

    public float real(String name, float absent) {
        return has(name) ? cast(name, Float.class) : absent;
    }

    public String string(String name, String absent) {
        return has(name) ? cast(name, String.class) : absent;
    }

    public Tensor tensor(String name) {
        return cast(name, Tensor.class);
    }

    public long[] integers(String name) {
        return cast(name, long[].class).clone();
    }

    /** The list, or an empty array if the attribute is absent. */
    public long[] integersOrEmpty(String name) {
        return has(name) ? integers(name) : new long[0];
    }

    public float[] reals(String name) {
        return cast(name, float[].class).clone();
    }

    private Object require(String name) {
        asked.add(name);
        Object value = values.get(name);
        if (value == null) {
            throw ModelException.invalid("attribute " + name + " is missing");
        }
        return value;
    }

    private <T> T cast(String name, Class<T> type) {
        Object value = require(name);
        if (!type.isInstance(value)) {
            throw ModelException.invalid(
                    "attribute " + name + " has type " + label(value.getClass()) + ", expected " + label(type));
        }
        return type.cast(value);
    }

    private static String label(Class<?> type) {
        if (type == Long.class) {
            return "INT";
        }
        if (type == Float.class) {
            return "FLOAT";
        }
        if (type == long[].class) {
            return "INTS";
        }
        if (type == float[].class) {
            return "FLOATS";
        }
        return List.class.isAssignableFrom(type)
                ? "STRINGS"
                : type.getSimpleName().toUpperCase(java.util.Locale.ROOT);
    }
}
