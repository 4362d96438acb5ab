package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.Workers;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductTasksTest {
    private static final long DEPTH = 512;

    /** Workers of any count that run their tasks in turn. */
    private record InTurn(int count) implements Workers {
        @Override
        public void forEach(int tasks, IntConsumer body) {
            Workers.SINGLE.forEach(tasks, body);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1001", "49,1024", "169,1000", "196,512", "1000,17", "3136,24", "25,16", "7,3000"})
    void tiles_ofAnySizeAndThreads_coverEachRowAndPanelOnce(int rows, int columns) {
        int panels = Math.ceilDiv(columns, IntegerProduct.PANEL);
        for (int threads = 1; threads <= 5; threads++) {
            int[][] byRows = new int[rows][panels];
            int[][] byOperand = new int[rows][panels];

            Workers workers = new InTurn(threads);
            ProductTasks.tiles(rows, columns, DEPTH, part -> count(part, byRows))
                    .run(workers);
            ProductTasks.tilesInPlace(rows, columns, DEPTH, part -> count(part, byOperand))
                    .run(workers);

            assertThat(Arrays.stream(byRows).flatMapToInt(Arrays::stream)).containsOnly(1);
            assertThat(Arrays.stream(byOperand).flatMapToInt(Arrays::stream)).containsOnly(1);
        }
    }

    private static void count(ProductTasks.Part part, int[][] counts) {
        for (long row = part.row(); row < part.row() + part.rows(); row++) {
            for (long panel = part.panel(); panel < part.panel() + part.panels(); panel++) {
                counts[(int) row][(int) panel]++;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"49,1024,49", "196,512,196", "3136,24,392"})
    void tilesInPlace_onTwoThreads_splitTheLargerOperand(int rows, int columns, long largest) {
        AtomicLong most = new AtomicLong();

        BoundKernel kernel =
                ProductTasks.tilesInPlace(rows, columns, DEPTH, part -> most.accumulateAndGet(part.rows(), Math::max));
        kernel.run(new InTurn(2));

        assertThat(most.get()).isBetween(largest, largest + 24);
    }
}
