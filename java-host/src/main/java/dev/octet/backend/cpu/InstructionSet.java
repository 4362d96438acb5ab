package dev.octet.backend.cpu;

import java.util.Locale;

/** The instruction sets that native kernels exist for, slowest first; no processor has those of two architectures. */
enum InstructionSet {
    GENERIC(0),
    AVX2(1),
    AVXVNNI(4),
    AVX512VNNI(2),
    NEONDOT(8);

    private final int featureBit;

    InstructionSet(int featureBit) {
        this.featureBit = featureBit;
    }

    /** Whether a processor with these bits of {@code octet_cpu_features} has it. */
    boolean isIn(int features) {
        return (features & featureBit) == featureBit;
    }

    /** The suffix of the native functions, and the name on the command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
