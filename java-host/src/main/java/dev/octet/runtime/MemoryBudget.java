package dev.octet.runtime;

import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.Node;
import dev.octet.graph.TensorType;
import java.util.List;
import java.util.Locale;

/** Refuses memory before it is asked for. */
record MemoryBudget(long limitBytes) {
    /**
     * Checks a node's outputs one by one.
     *
     * @throws ModelException naming the node and the output that is too large
     */
    void check(Node node, List<TensorType> outputs) {
        for (int i = 0; i < outputs.size(); i++) {
            long need = outputs.get(i).sizeBytes();
            if (need > limitBytes) {
                throw ModelException.limit(node.describe() + ": output \""
                        + Names.escape(node.outputs().get(i)) + "\" " + outputs.get(i) + " needs " + describe(need)
                        + ", the memory limit is " + describe(limitBytes));
            }
        }
    }

    /**
     * Checks a sum.
     *
     * @param what names what needs the memory
     */
    void check(String what, long need) {
        if (need > limitBytes) {
            throw ModelException.limit(
                    what + " needs " + describe(need) + ", the memory limit is " + describe(limitBytes));
        }
    }

    private static String describe(long sizeBytes) {
        return sizeBytes < 1 << 20
                ? sizeBytes + " bytes"
                : String.format(Locale.ROOT, "%d bytes (%.1f MiB)", sizeBytes, sizeBytes / 0x1p20);
    }
}
