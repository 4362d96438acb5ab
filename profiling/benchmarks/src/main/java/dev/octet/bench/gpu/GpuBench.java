package dev.octet.bench.gpu;

import dev.octet.io.AtomicFile;
import dev.octet.tensor.BackendException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs all benchmarks on device 0 and writes one JSON file: {@code GpuBench [--quick] FILE}. A part that fails leaves its
 * reason in the file, and the others run all the same. Figures of a simulated device carry {@code "simulated": true}.
 */
public final class GpuBench {
    private static final int USAGE = 2;
    private static final int DEVICE = 7;

    private GpuBench() {}

    /** Exit code 2 for wrong arguments, 7 where there is no device. */
    public static void main(String... args) throws IOException {
        boolean quick = args.length == 2 && args[0].equals("--quick");
        if (args.length != (quick ? 2 : 1)) {
            System.err.println("usage: GpuBench [--quick] FILE");
            System.exit(USAGE);
        }
        try (Gpu gpu = Gpu.open()) {
            Map<String, Object> report = run(gpu, quick ? BenchSizes.QUICK : BenchSizes.FULL);
            JsonMapper json = JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();
            AtomicFile.write(Path.of(args[args.length - 1]), json.writeValueAsString(report) + "\n");
        } catch (BackendException e) {
            System.err.println(e.getMessage());
            System.exit(DEVICE);
        }
    }

    private static Map<String, Object> run(Gpu gpu, BenchSizes sizes) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("simulated", gpu.description().simulated());
        report.put("device", gpu.description());
        report.put("date", Instant.now().toString());
        report.put("java", System.getProperty("java.vm.version"));
        part(report, "bandwidth", () -> BandwidthBench.run(gpu, sizes));
        part(report, "cublasLt", () -> LtGemmBench.run(gpu, sizes));
        part(report, "products", () -> ProductBench.run(sizes));
        part(report, "replay", () -> ReplayBench.run(gpu));
        GemmBaseline cublas = new JCublasGemm();
        part(report, cublas.name(), () -> GemmBaseline.run(cublas, gpu, sizes));
        for (ConvBaseline.Precision precision : ConvBaseline.Precision.values()) {
            ConvBaseline baseline = new JCudnnConv(precision);
            part(report, baseline.name(), () -> ConvBaseline.run(baseline, gpu, sizes));
        }
        return report;
    }

    /** A benchmark must not take the others down, whatever a library of this machine throws. */
    private static void part(Map<String, Object> report, String name, Supplier<Object> measure) {
        System.err.println("GpuBench: " + name);
        try {
            report.put(name, measure.get());
        } catch (RuntimeException | LinkageError e) {
            report.put(name, Map.of("error", String.valueOf(e.getMessage())));
        }
    }
}
