package dev.octet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.runtime.ArenaLayout.Lifetime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArenaLayoutTest {
    @Test
    void layout_randomLifetimes_neverOverlapWhileAlive() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<Lifetime> lifetimes = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                int first = random.nextInt(40);
                lifetimes.add(new Lifetime("v" + i, random.nextInt(1000), first, first + random.nextInt(6)));
            }

            ArenaLayout layout = new ArenaLayout(lifetimes);

            for (Lifetime a : lifetimes) {
                long start = layout.offset(a.value());
                assertThat(start % 64).as("seed %d", seed).isZero();
                assertThat(start + a.sizeBytes()).isLessThanOrEqualTo(layout.sizeBytes());
                for (Lifetime b : lifetimes) {
                    long other = layout.offset(b.value());
                    if (a != b && a.first() <= b.last() && b.first() <= a.last()) {
                        assertThat(start >= other + Math.max(1, b.sizeBytes())
                                        || other >= start + Math.max(1, a.sizeBytes()))
                                .as("seed %d: %s at %d and %s at %d", seed, a, start, b, other)
                                .isTrue();
                    }
                }
            }
        }
    }

    @Test
    void layout_chain_needsTwoBuffers() {
        List<Lifetime> chain = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            chain.add(new Lifetime("v" + i, 640, i, i + 1));
        }

        assertThat(new ArenaLayout(chain).sizeBytes()).isEqualTo(1280);
    }

    @Test
    void layout_moreAliveThanAreSearched_neverOverlap() {
        List<Lifetime> lifetimes = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            lifetimes.add(new Lifetime("v" + i, 64, i, i % 3 == 0 ? i : 3000));
        }

        ArenaLayout layout = new ArenaLayout(lifetimes);

        Map<Long, Integer> freeFrom = new HashMap<>();
        for (Lifetime lifetime : lifetimes) {
            Integer free = freeFrom.put(layout.offset(lifetime.value()), lifetime.last() + 1);
            assertThat(free == null || free <= lifetime.first())
                    .as("%s", lifetime)
                    .isTrue();
        }
    }
}
