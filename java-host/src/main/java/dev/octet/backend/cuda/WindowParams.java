package dev.octet.backend.cuda;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.PoolWindow;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The window of a convolution or pooling as kernels take it by value: {@code octet::Window}. */
final class WindowParams {
    private WindowParams() {}

    static int[] of(ConvGeometry g) {
        return concat(g.in(), g.kernel(), g.strides(), g.dilations(), g.pads(), g.out());
    }

    static int[] of(PoolWindow w) {
        return concat(w.in(), w.kernel(), w.strides(), w.dilations(), w.pads(), w.out());
    }

    private static int[] concat(int[]... axes) {
        return Stream.of(axes).flatMapToInt(IntStream::of).toArray();
    }
}
