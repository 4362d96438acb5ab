package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import java.util.Arrays;
import java.util.Locale;

/** How an update joins the element it is written to; {@link #NONE} replaces it. */
public enum ScatterReduction {
    NONE,
    ADD,
    MUL,
    MAX,
    MIN;

    static ScatterReduction read(Attributes attributes) {
        String name = attributes.string("reduction", "none");
        return Arrays.stream(values())
                .filter(value -> value.attribute().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        ModelException.invalid("attribute reduction has the unknown value " + Names.escape(name)));
    }

    String attribute() {
        return name().toLowerCase(Locale.ROOT);
    }
}
