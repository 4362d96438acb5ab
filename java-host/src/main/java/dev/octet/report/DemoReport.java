package dev.octet.report;

import java.util.List;

/**
 * What the demonstration found out about a sentence encoder in float and in INT8.
 *
 * @param sizes of the two files
 * @param speed median time for one sentence
 * @param accuracy of the INT8 vectors
 * @param worstLayers the layers with the lowest SQNR, worst first
 * @param files where the results lie
 */
public record DemoReport(
        String model,
        QuantizeReport.FileSizes sizes,
        Speed speed,
        Accuracy accuracy,
        List<LayerReport> worstLayers,
        Files files)
        implements RunReport {
    public DemoReport {
        worstLayers = List.copyOf(worstLayers);
    }

    /**
     * Times of single sentences, float and INT8 in turns.
     *
     * @param device where both ran
     * @param sentences how many were timed
     */
    public record Speed(String device, int threads, int sentences, long floatMedianNanos, long int8MedianNanos) {}

    /**
     * How close INT8 comes to float.
     *
     * @param meanCosine between the float and the INT8 vector of a sentence, over all sentences
     * @param leastCosine the worst of them
     * @param rankCorrelation of the pairs' similarities, float against INT8 (Spearman)
     * @param floatGradeCorrelation rank correlation of the float similarities with the grades people gave
     * @param int8GradeCorrelation the same for INT8
     */
    public record Accuracy(
            int pairs,
            double meanCosine,
            double leastCosine,
            double rankCorrelation,
            double floatGradeCorrelation,
            double int8GradeCorrelation) {}

    /** Paths of the float model, the Q/DQ model and the page about the quantization. */
    public record Files(String floatModel, String int8Model, String report) {}
}
