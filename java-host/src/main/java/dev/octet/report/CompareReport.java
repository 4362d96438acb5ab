package dev.octet.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How far two models, or two runtimes of one, are apart on the same data.
 *
 * @param count how many samples
 * @param agreement share of samples whose first output has its greatest element at the same place
 * @param outputs one entry a graph output
 * @param layers one entry a tensor that both compute; empty if not asked for
 */
public record CompareReport(
        String modelA, String modelB, long count, double agreement, List<TensorError> outputs, List<LayerError> layers)
        implements RunReport {
    public CompareReport {
        outputs = List.copyOf(outputs);
        layers = List.copyOf(layers);
    }

    /**
     * The error of an output over all samples.
     *
     * @param sqnrDb signal of A to the noise that B adds; infinite if equal in every bit
     */
    public record TensorError(String name, double sqnrDb, double cosine, double maxAbsError) {}

    /**
     * The error of a tensor inside the models.
     *
     * @param node the node of A that computes it
     * @param tensor its name in A
     * @param maxErrorSteps the greatest error in steps of its quantization; empty where B does not quantize it
     */
    public record LayerError(
            String node,
            String op,
            String tensor,
            double sqnrDb,
            double cosine,
            double maxAbsError,
            OptionalDouble maxErrorSteps) {}
}
