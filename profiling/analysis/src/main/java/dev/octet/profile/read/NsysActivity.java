package dev.octet.profile.read;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tables of an Nsight Systems export that hold what GPUs did. */
enum NsysActivity {
    KERNELS("CUPTI_ACTIVITY_KIND_KERNEL", List.of("demangledName", "shortName", "mangledName", "name")),
    COPIES("CUPTI_ACTIVITY_KIND_MEMCPY", List.of("copyKind")),
    FILLS("CUPTI_ACTIVITY_KIND_MEMSET", List.of("start")),
    /** Graphs that were recorded as a whole, without their kernels. */
    GRAPHS("CUPTI_ACTIVITY_KIND_GRAPH_TRACE", List.of("graphId", "start"));

    private final String table;

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes it immutable
    private final List<String> labels;

    NsysActivity(String table, List<String> labels) {
        this.table = table;
        this.labels = labels;
    }

    String table() {
        return table;
    }

    /** The best of the columns that tell what ran. */
    Optional<String> label(Set<String> columns) {
        return labels.stream().filter(columns::contains).findFirst();
    }
}
