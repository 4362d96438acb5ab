package dev.octet.data;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;

/** Chooses some of many samples. */
final class Selection {
    private Selection() {}

    /** At most {@code limit} of the numbers below {@code size}: the first, or with a seed a random choice; sorted. */
    static int[] indices(int size, int limit, OptionalLong seed) {
        int[] indices = new int[size];
        Arrays.setAll(indices, i -> i);
        int count = Math.min(size, limit);
        if (seed.isPresent()) {
            Random random = new Random(seed.getAsLong());
            for (int i = 0; i < count; i++) {
                int other = i + random.nextInt(size - i);
                int chosen = indices[other];
                indices[other] = indices[i];
                indices[i] = chosen;
            }
        }
        int[] selected = Arrays.copyOf(indices, count);
        Arrays.sort(selected);
        return selected;
    }
}
