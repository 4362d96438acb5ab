package dev.octet.profile.read;

import dev.octet.profile.KernelClass;
import dev.octet.profile.KernelClass.Evidence;
import dev.octet.profile.KernelUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What hardware counters say about tensor cores. A counter above zero proves them. Zero disproves them only where the
 * counters see every matrix instruction: those of one kind (imma, hmma, from 9.0 on gmma) only together, and from 10.0 on
 * only the pipe's own.
 */
final class TensorCounters {
    private static final Pattern ANY = Pattern.compile(
            "(pipe_tensor|pipe_tc_|ops_path_tensor|tensor_core_insts|inst_executed_pipe_[hid]mma)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern ALL =
            Pattern.compile("(pipe_tensor(\\.|_cycles_active)|kineto__tensor_core_insts)", Pattern.CASE_INSENSITIVE);
    private static final Pattern INTEGER = Pattern.compile("(igmma|imma|int8)", Pattern.CASE_INSENSITIVE);
    private static final Pattern KIND = Pattern.compile("(?<![a-z])([ihg]mma)", Pattern.CASE_INSENSITIVE);
    private static final int WARP_GROUPS = 90;
    private static final int TENSOR_MEMORY = 100;

    private TensorCounters() {}

    static KernelClass overrule(KernelClass byName, Map<String, Double> counters, OptionalInt architecture) {
        Optional<String> active = Optional.empty();
        boolean seen = false;
        boolean complete = false;
        Set<String> kinds = new HashSet<>();
        for (Map.Entry<String, Double> counter : counters.entrySet()) {
            if (!ANY.matcher(counter.getKey()).find()) {
                continue;
            }
            seen = true;
            complete |= ALL.matcher(counter.getKey()).find();
            Matcher kind = KIND.matcher(counter.getKey());
            if (kind.find()) {
                kinds.add(kind.group(1).toLowerCase(Locale.ROOT));
            }
            boolean better =
                    active.isEmpty() || INTEGER.matcher(counter.getKey()).find();
            if (counter.getValue() > 0 && better) {
                active = Optional.of(counter.getKey());
            }
        }
        if (active.isPresent()) {
            return proved(byName, active.get());
        }
        return seen && (complete || together(kinds, architecture)) ? disproved(byName) : byName;
    }

    private static boolean together(Set<String> kinds, OptionalInt architecture) {
        int chip = architecture.orElse(TENSOR_MEMORY);
        return chip > 0
                && chip < TENSOR_MEMORY
                && kinds.containsAll(List.of("imma", "hmma"))
                && (chip < WARP_GROUPS || kinds.contains("gmma"));
    }

    private static KernelClass proved(KernelClass byName, String counter) {
        boolean named = byName.unit() == KernelUnit.TENSOR;
        boolean integer = INTEGER.matcher(counter).find();
        return new KernelClass(
                KernelUnit.TENSOR,
                named ? byName.instruction() : Optional.of(integer ? "IMMA" : "MMA"),
                named ? byName.precision() : integer ? Optional.of("INT8") : Optional.empty(),
                named ? byName.minimumArchitecture() : OptionalInt.empty(),
                Evidence.COUNTER,
                counter + " is above zero");
    }

    private static KernelClass disproved(KernelClass byName) {
        boolean named = byName.unit() == KernelUnit.TENSOR;
        return new KernelClass(
                named ? KernelUnit.CUDA : byName.unit(),
                named ? Optional.empty() : byName.instruction(),
                byName.precision(),
                byName.minimumArchitecture(),
                named ? Evidence.COUNTER : byName.evidence(),
                named ? "the tensor counters are zero" : byName.reason());
    }
}
