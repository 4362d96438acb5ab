package dev.octet.backend.cpu;

import dev.octet.runtime.Backend;
import dev.octet.runtime.BackendDetails;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.ThreadPlacement;
import dev.octet.tensor.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs every supported operator on the CPU. Always available. Thread-safe.
 *
 * <p>Products and convolutions have native kernels for several instruction sets; {@code auto} takes the best that this
 * processor has, and the Java kernels where there is none.
 */
public final class CpuBackend implements Backend {
    /** Which kernels {@code auto} means, where it is not to be the best: for tests and for comparing. */
    public static final String KERNELS_PROPERTY = "octet.cpu.kernels";

    private static final String AUTO = "auto";
    private static final String JAVA = "java";

    private final String choice;
    private Optional<Native> loaded = Optional.empty();

    /** The native kernels, if they can be used, and one line about it. */
    private record Native(
            Optional<NativeKernels> kernels, List<InstructionSet> sets, ThreadPlacement placement, String reason) {
        static Native none(String reason) {
            return new Native(Optional.empty(), List.of(), ThreadPlacement.NONE, reason);
        }
    }

    /** Uses the best kernels, or those that the system property {@value #KERNELS_PROPERTY} names. */
    public CpuBackend() {
        this(System.getProperty(KERNELS_PROPERTY, AUTO));
    }

    private CpuBackend(String choice) {
        this.choice = choice;
        if (!choice.equals(AUTO) && !choice.equals(JAVA)) {
            instructionSet(choice);
        }
    }

    private static InstructionSet instructionSet(String choice) {
        return Arrays.stream(InstructionSet.values())
                .filter(set -> set.label().equals(choice))
                .findFirst()
                .orElseThrow(() -> {
                    String names = Stream.concat(
                                    Stream.of(AUTO, JAVA),
                                    Arrays.stream(InstructionSet.values()).map(InstructionSet::label))
                            .collect(Collectors.joining(", "));
                    return new ConfigException("CPU kernels \"" + choice + "\" are unknown; use one of " + names);
                });
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public Backend withKernels(String kernels) {
        return kernels.equals(AUTO) ? this : new CpuBackend(kernels);
    }

    /** One line that says which kernels are used and, if they are not native, why not. */
    @Override
    public String describe() {
        return natives().reason;
    }

    /** The instruction sets of the kernels in use: the best one, and those below it that stand in where it has no kernel. */
    @Override
    public BackendDetails details() {
        Native found = natives();
        List<String> features = found.sets.stream().map(InstructionSet::label).toList();
        Optional<String> fault = found.kernels.isPresent() ? Optional.empty() : Optional.of(found.reason);
        return new BackendDetails(features, List.of(BackendDetails.library("native CPU kernels", fault)), List.of());
    }

    @Override
    public Optional<KernelFactory> kernel(KernelSpec spec) {
        Class<? extends dev.octet.graph.Op> op = spec.node().op().getClass();
        Stream<KernelFactory> natives = NativeKernels.OPERATORS.contains(op)
                ? natives().kernels.stream().flatMap(kernels -> kernels.rows(op).stream())
                : Stream.empty();
        return Stream.concat(natives, CpuKernels.ALL.getOrDefault(op, List.of()).stream())
                .filter(factory -> factory.supports().test(spec))
                .findFirst();
    }

    @Override
    public ThreadPlacement placement() {
        return natives().placement;
    }

    @Override
    public boolean isFusing() {
        return natives().kernels.isPresent();
    }

    private synchronized Native natives() {
        if (loaded.isEmpty()) {
            loaded = Optional.of(load());
        }
        return loaded.get();
    }

    /** An instruction set asked for by name must work; {@code auto} falls back to Java. */
    private Native load() {
        if (choice.equals(JAVA)) {
            return Native.none("Java kernels: asked for");
        }
        try {
            Optional<InstructionSet> set = choice.equals(AUTO) ? Optional.empty() : Optional.of(instructionSet(choice));
            NativeLibrary library = NativeLibrary.load(set);
            NativeSelfTest.check(library);
            return new Native(
                    Optional.of(new NativeKernels(library)),
                    Arrays.stream(InstructionSet.values()).filter(library::uses).toList(),
                    library.placement(),
                    "native kernels: " + library.set().name().toLowerCase(Locale.ROOT));
        } catch (NativeLoadException e) {
            if (!choice.equals(AUTO)) {
                throw new ConfigException("CPU kernels \"" + choice + "\" cannot be used: " + e.getMessage(), e);
            }
            System.getLogger(CpuBackend.class.getName())
                    .log(System.Logger.Level.WARNING, "using the slower Java kernels: {0}", e.getMessage());
            return Native.none("Java kernels: " + e.getMessage());
        }
    }
}
