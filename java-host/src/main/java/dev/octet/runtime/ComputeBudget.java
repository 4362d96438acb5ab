package dev.octet.runtime;

import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.TensorType;
import dev.octet.graph.op.Effort;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Refuses work before it is begun: a model of a kilobyte may ask for years of it without needing much memory. Counted are
 * the {@linkplain Effort#operations operations} of a run. The limit is far above what networks need: a transformer of 340
 * million parameters takes 1.7e11 for a text of 512 words. Immutable.
 *
 * @param limit of one run: of the steps whose types are known beforehand before it begins, and of each other step as it comes
 */
record ComputeBudget(double limit) {
    /** Minutes on the CPUs of today where kernels are fast, hours where they are not. */
    static final double CPU_LIMIT = 1e13;

    /** Seconds on the GPUs of today. */
    static final double DEVICE_LIMIT = 1e15;

    private static final double GIGA = 1e9;

    /** The operations of a node; refused if they alone are too many. */
    double check(Node node, List<Optional<TensorType>> inputs, List<TensorType> outputs) {
        double operations = Effort.operations(node, inputs, outputs);
        check(node.describe(), operations);
        return operations;
    }

    /**
     * Checks a sum.
     *
     * @param what names what takes the work
     * @throws ModelException of kind LIMIT if it is too much
     */
    void check(String what, double operations) {
        if (operations > limit) {
            throw ModelException.limit(String.format(
                    Locale.ROOT,
                    "%s takes %.0f billion operations, the limit of a run is %.0f billion; --compute-limit raises it",
                    what,
                    operations / GIGA,
                    limit / GIGA));
        }
    }
}
