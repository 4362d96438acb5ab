package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.runtime.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Convolution of channels-first tensors. A task takes a run of output positions and a block of output channels of one
 * group: for each block of the sum's terms it gathers one row of positions a term (im2col) and adds for each channel
 * scalars of its weights times these rows. Summation order of every output: channel, then depth, row and column of the
 * tap.
 */
final class ConvChannelsFirst implements ConvEngine {
    private static final int MAX_RUN = 256;
    private static final int MIN_RUN = 32;
    private static final int MAX_CHANNELS = 64;

    private final ConvGeometry geometry;
    private final boolean exact;
    private final int channelBlocks;
    private final int channelBlock;
    private final ScratchPool<Scratch> pool;

    private record Scratch(PlaneWindow plane, float[][] terms, RowAccumulator[] rows) {}

    /** A run of {@code count} output positions from {@code first} of image {@code n} and the channels to compute. */
    private record Task(int n, int group, int first, int count, int channel, int channels) {}

    ConvChannelsFirst(ConvGeometry geometry, boolean exact) {
        this.geometry = geometry;
        this.exact = exact;
        channelBlocks = Math.max(1, Math.ceilDiv(geometry.groupOutChannels(), MAX_CHANNELS));
        channelBlock = Math.ceilDiv(geometry.groupOutChannels(), channelBlocks);
        pool = new ScratchPool<>(this::makeScratch);
    }

    private Scratch makeScratch() {
        int run = Math.min(MAX_RUN, geometry.pixels());
        RowAccumulator[] rows = new RowAccumulator[channelBlock];
        Arrays.setAll(rows, _ -> new RowAccumulator(run, exact));
        float[][] terms = new float[Math.min(RowAccumulator.EXACT_TERMS, geometry.depth())][run];
        return new Scratch(new PlaneWindow(geometry), terms, rows);
    }

    @Override
    public float[][][] pack(Weights weights) {
        int depth = geometry.depth();
        float[][] rows = new float[geometry.outChannels()][depth];
        for (int channel = 0; channel < rows.length; channel++) {
            for (int k = 0; k < depth; k++) {
                rows[channel][k] = weights.at(channel, (long) channel * depth + k);
            }
        }
        return new float[][][] {rows};
    }

    @Override
    public void run(MemorySegment x, FloatReader reader, float[][][] packed, RowSink sink, Workers workers) {
        int pixels = geometry.pixels();
        if (geometry.batch() == 0 || pixels == 0 || geometry.outChannels() == 0) {
            return;
        }
        long blocks = (long) geometry.batch() * geometry.group() * channelBlocks;
        int run = Math.clamp(pixels * blocks / (4L * workers.count()), MIN_RUN, MAX_RUN);
        int even = Math.ceilDiv(pixels, Math.ceilDiv(pixels, run));
        workers.forEach(Math.toIntExact(blocks * Math.ceilDiv(pixels, even)), index -> {
            Task task = task(index, even);
            Scratch scratch = pool.take();
            compute(task, x, reader, packed[0], scratch);
            store(task, scratch, sink);
            pool.give(scratch);
        });
    }

    private Task task(int index, int run) {
        int runs = Math.ceilDiv(geometry.pixels(), run);
        int block = index / runs % channelBlocks;
        int plane = index / runs / channelBlocks;
        int first = index % runs * run;
        int channel = block * channelBlock;
        return new Task(
                plane / geometry.group(),
                plane % geometry.group(),
                first,
                Math.min(run, geometry.pixels() - first),
                channel,
                Math.min(channelBlock, geometry.groupOutChannels() - channel));
    }

    private void compute(Task task, MemorySegment x, FloatReader reader, float[][] weights, Scratch scratch) {
        for (int i = 0; i < task.channels(); i++) {
            scratch.rows[i].reset(task.count());
        }
        int depth = geometry.depth();
        int firstChannel = task.group() * geometry.groupOutChannels() + task.channel();
        for (int done = 0; done < depth; done += RowAccumulator.EXACT_TERMS) {
            int count = Math.min(RowAccumulator.EXACT_TERMS, depth - done);
            gather(task, done, count, x, reader, scratch);
            for (int i = 0; i < task.channels(); i++) {
                scratch.rows[i].add(weights[firstChannel + i], done, scratch.terms, 0, count);
            }
        }
    }

    /** Fills the rows of {@code count} terms from {@code first} on with the input values of the run's positions. */
    private void gather(Task task, int first, int count, MemorySegment x, FloatReader reader, Scratch scratch) {
        for (int k = 0; k < count; k++) {
            int tap = (first + k) % geometry.taps();
            long plane = plane(task, (first + k) / geometry.taps());
            if (geometry.isPointwise()) {
                reader.read(x, plane + task.first(), scratch.terms[k], 0, task.count());
                continue;
            }
            if (tap == 0 || k == 0) {
                scratch.plane.read(x, reader, plane, task.first(), task.count());
            }
            scratch.plane.gather(tap, scratch.terms[k]);
        }
    }

    private long plane(Task task, int channel) {
        int index = task.group() * geometry.groupChannels() + channel;
        return ((long) task.n() * geometry.channels() + index) * geometry.inPixels();
    }

    private void store(Task task, Scratch scratch, RowSink sink) {
        for (int i = 0; i < task.channels(); i++) {
            int channel = task.group() * geometry.groupOutChannels() + task.channel() + i;
            long plane = (long) task.n() * geometry.outChannels() + channel;
            sink.store(scratch.rows[i], plane * geometry.pixels() + task.first(), channel, 0);
        }
    }
}
