package dev.octet.runtime;

import java.util.List;

/** A kernel and the tensors it runs over, which stay where they are: ready to run again and again. */
@FunctionalInterface
public interface BoundKernel {
    /** Computes the outputs from the inputs. Not in two threads at once. */
    void run(Workers workers);

    /** Several one after the other. */
    static BoundKernel inTurn(List<BoundKernel> kernels) {
        return kernels.size() == 1
                ? kernels.get(0)
                : workers -> {
                    for (int i = 0; i < kernels.size(); i++) {
                        kernels.get(i).run(workers);
                    }
                };
    }
}
