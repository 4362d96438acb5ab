package dev.octet.bench.cpu.jmh;

import dev.octet.bench.cpu.KernelCase;
import dev.octet.bench.cpu.PreparedKernel;
import dev.octet.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Runs a second of each kernel, and its share of what the processor can do at most: the peak of exact INT8 products or of
 * fp32 in registers, or of copying memory. The peak is measured in the same fork. A small tensor is in the caches, so a
 * kernel that memory limits may come out above 1.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
@State(Scope.Benchmark)
public class KernelBench {
    /** See {@link KernelCase#of}. */
    @Param({
        "qgemm 1024x1024x1024",
        "qgemm 128x1536x384",
        "qgemm 127x383x129",
        "qgemm 1x1280x1001",
        "qconv 224x224x3x32x3x2",
        "qconv 224x224x3x64x7x2",
        "qconv 56x56x64x64x3x1",
        "qconv 13x15x33x31x3x1",
        "qdepthwise 112x112x32x3x1",
        "qdepthwise 15x13x129x3x2",
        "fgemm 1024x1024x1024",
        "fgemm 127x383x129",
        "fconv 56x56x64x64x3x1",
        "fdepthwise 112x112x32x3x1",
        "softmax 1537x129",
        "lookup 1048573",
        "qadd 1048573"
    })
    public String kernel;

    @Param("1")
    public int threads;

    private PreparedKernel prepared;
    private double secondsAtPeak;

    @Setup(Level.Trial)
    public void prepare() {
        prepared = new PreparedKernel(KernelCase.of(kernel), threads);
        secondsAtPeak = prepared.secondsAtPeak();
    }

    @TearDown(Level.Trial)
    public void close() {
        prepared.close();
    }

    /** Counted in seconds at the peak a second: the share of the peak. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Share {
        public double ofPeak;

        @Setup(Level.Iteration)
        public void reset() {
            ofPeak = 0;
        }
    }

    @Benchmark
    public Tensor run(Share share) {
        share.ofPeak += secondsAtPeak;
        return prepared.run();
    }
}
