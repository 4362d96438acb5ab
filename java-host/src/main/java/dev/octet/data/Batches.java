package dev.octet.data;

import dev.octet.tensor.ConfigException;
import dev.octet.tensor.InputException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Joins the samples of a dataset. A few samples more than the batch at hand are read ahead on other threads, so memory
 * stays bounded whatever the dataset's size. Not thread-safe.
 */
final class Batches implements Iterator<Batch> {
    private final Dataset dataset;
    private final int batchSize;
    private final int readAhead = 2 * Runtime.getRuntime().availableProcessors();
    private final ArrayDeque<CompletableFuture<Sample>> pending = new ArrayDeque<>();
    private int submitted;

    Batches(Dataset dataset, int batchSize) {
        if (batchSize < 1) {
            throw new ConfigException("batch size " + batchSize + " must be positive");
        }
        this.dataset = dataset;
        this.batchSize = batchSize;
    }

    @Override
    public boolean hasNext() {
        return !pending.isEmpty() || submitted < dataset.size();
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        List<Sample> samples = new ArrayList<>();
        while (samples.size() < batchSize && hasNext()) {
            submit();
            samples.add(take());
        }
        submit();
        return join(samples);
    }

    private void submit() {
        while (submitted < dataset.size() && pending.size() < readAhead) {
            int index = submitted++;
            pending.add(CompletableFuture.supplyAsync(() -> dataset.sample(index), Thread::startVirtualThread));
        }
    }

    private Sample take() {
        try {
            return pending.remove().join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    static Batch join(List<Sample> samples) {
        Map<String, Tensor> inputs = new HashMap<>();
        for (String input : samples.get(0).inputs().keySet()) {
            inputs.put(input, samples.size() == 1 ? input(samples.get(0), input) : concatenated(samples, input));
        }
        List<String> names = samples.stream().map(Sample::name).toList();
        List<OptionalLong> labels = samples.stream().map(Sample::label).toList();
        return new Batch(names, inputs, labels);
    }

    private static Tensor input(Sample sample, String name) {
        Tensor tensor = sample.inputs().get(name);
        if (tensor == null) {
            throw new InputException(sample.name() + " has no input " + name);
        }
        return tensor;
    }

    private static Tensor concatenated(List<Sample> samples, String name) {
        Tensor first = input(samples.get(0), name);
        long[] dims = first.shape().dims();
        if (dims.length == 0 || first.dtype().bits() < 8) {
            throw new ConfigException("input " + name + " is " + first + ", which cannot be joined into batches");
        }
        for (Sample sample : samples.subList(1, samples.size())) {
            Tensor next = input(sample, name);
            if (next.dtype() != first.dtype() || !Arrays.equals(inner(next), inner(first))) {
                throw new ConfigException("input " + name + " is " + first + " in "
                        + samples.get(0).name() + " but " + next + " in " + sample.name() + ": use batch size 1");
            }
            dims[0] += next.shape().dim(0);
        }
        Tensor joined = Tensor.allocate(first.dtype(), Shape.of(dims));
        long at = 0;
        for (Sample sample : samples) {
            Tensor part = input(sample, name);
            joined.data().asSlice(at, part.data().byteSize()).copyFrom(part.data());
            at += part.data().byteSize();
        }
        return joined;
    }

    private static long[] inner(Tensor tensor) {
        long[] dims = tensor.shape().dims();
        return dims.length == 0 ? dims : Arrays.copyOfRange(dims, 1, dims.length);
    }
}
