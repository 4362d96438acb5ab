package dev.octet.report;

/**
 * A model's accuracy on labelled data.
 *
 * @param device where it ran
 * @param top1 percent of samples whose label has the greatest score
 * @param top5 percent of samples whose label is among the five greatest
 * @param count how many samples
 * @param standardError of {@code top1}, in percent
 */
public record EvalReport(String model, String device, double top1, double top5, long count, double standardError)
        implements RunReport {
    /** The report of counted hits; the standard error is the binomial one, {@code sqrt(p (1 - p) / n)}. */
    public static EvalReport ofHits(String model, String device, long top1Hits, long top5Hits, long count) {
        if (top1Hits < 0 || top1Hits > top5Hits || top5Hits > count || count == 0) {
            throw new IllegalArgumentException(top1Hits + " and " + top5Hits + " hits of " + count);
        }
        double share = (double) top1Hits / count;
        double standardError = 100 * Math.sqrt(share * (1 - share) / count);
        return new EvalReport(model, device, 100 * share, 100.0 * top5Hits / count, count, standardError);
    }
}
