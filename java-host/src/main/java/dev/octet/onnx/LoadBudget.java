package dev.octet.onnx;

import dev.octet.graph.ModelException;
import dev.octet.tensor.JavaHeap;

/** Refuses a model that is larger than wanted before memory is taken for it. Not thread-safe. */
final class LoadBudget {
    private final long maxBytes;
    private long taken;

    LoadBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** @throws ModelException of kind LIMIT if the file is too large */
    void requireFile(long sizeBytes) {
        if (sizeBytes > maxBytes) {
            throw ModelException.limit(
                    "the file has " + sizeBytes + " bytes, the limit is " + maxBytes + "; --max-model-size raises it");
        }
    }

    /**
     * Counts a tensor that is about to be allocated.
     *
     * @throws ModelException of kind LIMIT if all tensors together are too large, or larger than the Java heap
     */
    void take(long sizeBytes) {
        if (sizeBytes > maxBytes - taken) {
            throw ModelException.limit("with its " + sizeBytes + " bytes the model's tensors exceed the limit of "
                    + maxBytes + "; --max-model-size raises it");
        }
        taken += sizeBytes;
        if (taken > JavaHeap.limitBytes()) {
            throw ModelException.limit(
                    "with its " + sizeBytes + " bytes the model's tensors exceed " + JavaHeap.limit());
        }
    }
}
