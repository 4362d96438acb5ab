package dev.octet.calib;

import dev.octet.graph.ModelException;
import dev.octet.runtime.OutputSink;
import dev.octet.tensor.ConfigException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sends every sample through the float graph, one at a time, and observes its values: once for their exact ranges, and
 * where counts are wanted once more for histograms over these ranges. What is kept does not grow with the number of
 * samples: a few numbers a value, and with counts {@code 32 * bins} bytes.
 */
public final class CalibrationRun {
    private final SampleSource samples;
    private final GraphRunner graph;
    private final Runnable progress;

    /**
     * @param progress called after each run of the graph
     */
    public CalibrationRun(SampleSource samples, GraphRunner graph, Runnable progress) {
        if (samples.count() == 0) {
            throw new ConfigException("there are no samples to calibrate with");
        }
        this.samples = samples;
        this.graph = graph;
        this.progress = progress;
    }

    /** Takes the exact ranges only: enough for {@link MaxCalibrator}. Runs the graph once a sample. */
    public CalibrationData ranges() {
        DataDigest digest = new DataDigest();
        Map<String, RangeObserver> observers = new HashMap<>();
        for (int i = 0; i < samples.count(); i++) {
            digest.add(samples.inputs(i));
            observe(
                    i,
                    (name, value) ->
                            observers.computeIfAbsent(name, RangeObserver::new).add(value));
        }
        return new CalibrationData(samples.count(), digest.hex(), observers, Map.of(), Map.of());
    }

    /**
     * Takes exact ranges and counts: enough for every calibrator. Runs the graph twice a sample.
     *
     * @param bins of each sign; a power of two
     */
    public CalibrationData histograms(int bins) {
        return histograms(bins, Map.of());
    }

    /**
     * Takes channel means as well.
     *
     * @param channelAxes the values whose means are wanted, with the axis of their channels
     */
    public CalibrationData histograms(int bins, Map<String, Integer> channelAxes) {
        CalibrationData data = ranges();
        Map<String, Histogram> histograms = new HashMap<>();
        Map<String, ChannelMeans> means = new HashMap<>();
        data.observers().forEach((name, seen) -> {
            Histogram histogram = new Histogram(seen.range(), bins);
            histograms.put(name, histogram);
            Optional.ofNullable(channelAxes.get(name))
                    .ifPresent(axis -> means.put(name, new ChannelMeans(axis, histogram.limit())));
        });
        for (int i = 0; i < samples.count(); i++) {
            observe(i, (name, value) -> {
                known(histograms, name).add(value);
                Optional.ofNullable(means.get(name)).ifPresent(channels -> channels.add(value));
            });
        }
        return new CalibrationData(data.samples(), data.dataSha256(), data.observers(), histograms, means);
    }

    /**
     * Counts the way TensorRT does, on a range that grows as batches come: see {@link GrowingHistogram}. The result
     * depends on batch size and order; it exists to show that. Runs the graph three times a sample.
     *
     * @param batch samples that are looked at together
     */
    public CalibrationData growingHistograms(int batch, GrowingHistogram.Growth growth) {
        CalibrationData data = ranges();
        Map<String, GrowingHistogram> growing = new HashMap<>();
        for (int first = 0; first < samples.count(); first += batch) {
            int end = Math.min(first + batch, samples.count());
            Map<String, RangeObserver> observers = new HashMap<>();
            for (int i = first; i < end; i++) {
                observe(
                        i,
                        (name, value) -> observers
                                .computeIfAbsent(name, RangeObserver::new)
                                .add(value));
            }
            observers.forEach((name, seen) -> growing.computeIfAbsent(
                            name, _ -> new GrowingHistogram(EntropyCalibrator.BINS, growth))
                    .growTo(seen.range()));
            for (int i = first; i < end; i++) {
                observe(i, (name, value) -> known(growing, name).add(value));
            }
        }
        Map<String, Histogram> histograms = new HashMap<>();
        growing.forEach((name, histogram) -> histograms.put(name, histogram.toHistogram()));
        return new CalibrationData(data.samples(), data.dataSha256(), data.observers(), histograms, Map.of());
    }

    private static <T> T known(Map<String, T> values, String name) {
        T value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("value \"" + name + "\" appears only when samples are run again");
        }
        return value;
    }

    private void observe(int index, OutputSink sink) {
        try {
            graph.run(samples.inputs(index), sink);
        } catch (ModelException e) {
            throw e.at("calibration sample " + index);
        }
        progress.run();
    }
}
