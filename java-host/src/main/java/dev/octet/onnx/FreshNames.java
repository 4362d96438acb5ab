package dev.octet.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Makes names that are not in use. Names of any number and length cost time in proportion to them. */
final class FreshNames {
    private static final int MAX_BASE = 256;

    private final Set<String> used;
    private final Map<String, Integer> next = new HashMap<>();

    /** @param used all names in use; those made here are added */
    FreshNames(Set<String> used) {
        this.used = used;
    }

    /** The base itself if it is free, else the base with a number; a long base is cut. */
    String of(String wanted) {
        String base = wanted.length() <= MAX_BASE ? wanted : wanted.substring(0, MAX_BASE);
        if (used.add(base)) {
            return base;
        }
        while (true) {
            String candidate = base + "_" + next.merge(base, 1, Integer::sum);
            if (used.add(candidate)) {
                return candidate;
            }
        }
    }
}
