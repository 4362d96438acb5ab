package dev.octet.backend.cuda;

import dev.octet.tensor.ConfigException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who computes integer products that several can compute. */
enum ProductMode {
    /** Always the own kernel. */
    OWN,
    /** Always the kernel of Hopper's warpgroup instruction, in the tile that suits; the own one where the device has none. */
    WGMMA,
    /** Always cuBLASLt, with the algorithm that it recommends. */
    CUBLASLT,
    /** Whichever was fastest when all that there are were timed on this device. */
    AUTO;

    static final String PROPERTY = "octet.cuda.gemm";
    static final String VARIABLE = "OCTET_CUDA_GEMM";

    /**
     * What the system property {@value #PROPERTY} says, else the environment variable {@value #VARIABLE}, else
     * {@link #AUTO}.
     *
     * @throws ConfigException if it is none of these words
     */
    static ProductMode current() {
        String text = Optional.ofNullable(System.getProperty(PROPERTY))
                .or(() -> Optional.ofNullable(System.getenv(VARIABLE)))
                .orElse("auto");
        return Arrays.stream(values())
                .filter(mode -> mode.label().equals(text))
                .findFirst()
                .orElseThrow(() -> new ConfigException("-D" + PROPERTY + " or " + VARIABLE + " is \"" + text
                        + "\"; it must be one of "
                        + Arrays.stream(values()).map(ProductMode::label).collect(Collectors.joining(", "))));
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
