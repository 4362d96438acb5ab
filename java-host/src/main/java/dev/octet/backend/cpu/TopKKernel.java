package dev.octet.backend.cpu;

import dev.octet.graph.op.TopK;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;

/** {@link TopK} of any numeric type. */
final class TopKKernel implements Kernel {
    /*
     * Each element becomes a signed 64-bit key that orders as wanted, the best one smallest. A heap holds the k best
     * seen so far with the worst on top; ties go to the lower index. Emptying the heap gives the order from the back.
     * O(n log k) a row.
     */
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_topk", spec -> new TopKKernel((TopK) spec.node().op()));

    private final TopK op;

    private TopKKernel(TopK op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Shape shape = x.shape();
        int along = shape.axis(op.axis());
        int extent = Math.toIntExact(shape.dim(along));
        long inner = shape.product(along + 1, shape.rank());
        long rows = shape.product(0, along) * inner;
        int k = Math.toIntExact(args.in(1).getLong(0));
        if (k == 0) {
            return;
        }
        boolean split = ElementMover.isSplittable(x.dtype());
        Chunks.forEachRow(split ? workers : Workers.SINGLE, rows, extent, row -> {
            long before = row / inner;
            long after = row % inner;
            Best best = new Best(k);
            for (int i = 0; i < extent; i++) {
                best.offer(key(x, (before * extent + i) * inner + after), i);
            }
            for (int rank = k - 1; rank >= 0; rank--) {
                int index = best.removeWorst();
                long to = (before * k + rank) * inner + after;
                if (args.wants(0)) {
                    new ElementMover(x, args.out(0)).copy((before * extent + index) * inner + after, to, 1);
                }
                if (args.wants(1)) {
                    args.out(1).setLong(to, index);
                }
            }
        });
    }

    private long key(Tensor x, long place) {
        long key;
        if (x.dtype().isFloat()) {
            long bits = Double.doubleToLongBits(x.getDouble(place) + 0.0);
            key = bits < 0 ? bits ^ Long.MAX_VALUE : bits;
        } else {
            key = x.dtype() == DType.U64 ? x.getLong(place) ^ Long.MIN_VALUE : x.getLong(place);
        }
        return op.largest() ? ~key : key;
    }

    /** The k smallest (key, index) pairs. */
    private static final class Best {
        private final long[] keys;
        private final int[] indices;
        private int size;

        Best(int k) {
            keys = new long[k];
            indices = new int[k];
        }

        void offer(long key, int index) {
            if (size < keys.length) {
                keys[size] = key;
                indices[size] = index;
                up(size++);
            } else if (key < keys[0]) {
                keys[0] = key;
                indices[0] = index;
                down();
            }
        }

        int removeWorst() {
            int worst = indices[0];
            size--;
            keys[0] = keys[size];
            indices[0] = indices[size];
            down();
            return worst;
        }

        private boolean isWorse(int a, int b) {
            return keys[a] != keys[b] ? keys[a] > keys[b] : indices[a] > indices[b];
        }

        private void up(int start) {
            int child = start;
            while (child > 0 && isWorse(child, (child - 1) / 2)) {
                swap(child, (child - 1) / 2);
                child = (child - 1) / 2;
            }
        }

        private void down() {
            int parent = 0;
            while (2 * parent + 1 < size) {
                int child = 2 * parent + 1;
                if (child + 1 < size && isWorse(child + 1, child)) {
                    child++;
                }
                if (!isWorse(child, parent)) {
                    return;
                }
                swap(child, parent);
                parent = child;
            }
        }

        private void swap(int a, int b) {
            long key = keys[a];
            keys[a] = keys[b];
            keys[b] = key;
            int index = indices[a];
            indices[a] = indices[b];
            indices[b] = index;
        }
    }
}
