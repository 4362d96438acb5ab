package dev.octet.profile.peak;

import dev.octet.profile.DeviceData;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The GPUs whose peaks are known, oldest architecture first. */
public final class Gpus {
    public static final List<Gpu> ALL = List.of(
            new Gpu("V100 SXM2", GpuRates.VOLTA, 80, 1.53, 900),
            new Gpu("AGX Xavier", GpuRates.XAVIER, 8, 1.377, 137),
            new Gpu("T4", GpuRates.TURING, 40, 1.59, 320),
            new Gpu("RTX 2080 Ti", GpuRates.TURING.geForce(), 68, 1.545, 616),
            new Gpu("A100 40GB", GpuRates.A100, 108, 1.41, 1555),
            new Gpu("A100 80GB", GpuRates.A100, 108, 1.41, 2039),
            new Gpu("A30", GpuRates.A100, 56, 1.44, 933),
            new Gpu("A10", GpuRates.AMPERE, 72, 1.695, 600),
            new Gpu("RTX 3080", GpuRates.AMPERE.geForce(), 68, 1.71, 760),
            new Gpu("RTX 3090", GpuRates.AMPERE.geForce(), 82, 1.695, 936),
            new Gpu("AGX Orin 64", GpuRates.ORIN, 16, 1.3, 204.8),
            new Gpu("RTX 4090", GpuRates.ADA.geForce(), 128, 2.52, 1008),
            new Gpu("L4", GpuRates.ADA, 58, 2.04, 300),
            new Gpu("L40S", GpuRates.ADA, 142, 2.52, 864),
            new Gpu("H100 SXM", GpuRates.HOPPER, 132, new double[] {1.83, 1.98}, 3350),
            new Gpu("H100 PCIe", GpuRates.HOPPER, 114, new double[] {1.62, 1.755}, 2000),
            new Gpu("H200", GpuRates.HOPPER, 132, new double[] {1.83, 1.98}, 4800),
            new Gpu("B200", GpuRates.BLACKWELL, 148, new double[] {1.85, 1.965}, 8000),
            new Gpu("RTX 5090", GpuRates.BLACKWELL_RTX.geForce(), 170, 2.407, 1792));

    /** Words of a name that make another GPU of it. */
    private static final Set<String> VARIANTS =
            Set.of("ti", "super", "laptop", "mobile", "max", "d", "nvl", "ada", "nx", "nano", "q", "mig");

    private static final double GIGA = 1e9;

    private Gpus() {}

    /**
     * The GPU of this name: case, spaces, dashes and the words NVIDIA and GeForce do not matter, and the start of a
     * name will do ({@code A100} is the first A100).
     */
    public static Optional<Gpu> find(String name) {
        String wanted = plain(name);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        return ALL.stream()
                .filter(gpu -> plain(gpu.name()).equals(wanted))
                .findFirst()
                .or(() -> ALL.stream()
                        .filter(gpu -> plain(gpu.name()).startsWith(wanted) && wanted.length() > 2)
                        .findFirst());
    }

    /**
     * The GPU that a profile describes: that of the table where its name is known, else from its multiprocessors and its
     * clock at the rates of its architecture. The driver states the highest clock, which tensor cores do not always
     * reach.
     */
    public static Optional<Gpu> of(DeviceData device) {
        return product(device.name()).or(() -> {
            Optional<GpuRates> rates = GpuRates.of(device.architecture(), isGeForce(device.name()));
            boolean told = device.multiprocessors() > 0 && device.clockHz() > 0 && device.memoryBandwidth() > 0;
            return rates.filter(_ -> told)
                    .map(known -> new Gpu(
                            device.name(),
                            known,
                            device.multiprocessors(),
                            device.clockHz() / GIGA,
                            device.memoryBandwidth() / GIGA));
        });
    }

    private static boolean isGeForce(String name) {
        return name.toLowerCase(Locale.ROOT).contains("geforce");
    }

    /** By the words of the driver's name, such as {@code NVIDIA A100-SXM4-80GB}. */
    private static Optional<Gpu> product(String name) {
        Set<String> words =
                new HashSet<>(Arrays.asList(name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1)));
        if (words.contains("hbm3") && words.contains("h100")) {
            words.add("sxm");
        }
        return ALL.stream()
                .filter(gpu -> {
                    Set<String> wanted = new HashSet<>(
                            Arrays.asList(gpu.name().toLowerCase(Locale.ROOT).split(" ", -1)));
                    return words.containsAll(wanted)
                            && words.stream().noneMatch(word -> VARIANTS.contains(word) && !wanted.contains(word));
                })
                .findFirst();
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("nvidia|geforce|[^a-z0-9]", "");
    }
}
