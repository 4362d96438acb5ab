package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphVerifier;
import dev.octet.graph.ModelException;
import java.util.List;

/** Applies passes in order and verifies the graph before the first and after each. */
public final class PassRunner {
    private PassRunner() {}

    /** Applies all passes; see {@link #run(List, Graph, int)}. */
    public static Graph run(List<Pass> passes, Graph graph) {
        return run(passes, graph, passes.size());
    }

    /**
     * Drops what no output needs, then applies the first passes of a list: a miscompiled model is tracked down by moving
     * {@code stopAfter}.
     *
     * @param stopAfter number of passes to apply; more than there are means all
     * @throws ModelException if the graph itself is faulty, or a pass finds the model at fault (the message names it)
     * @throws IllegalStateException if a pass returns a faulty graph, naming the pass
     */
    public static Graph run(List<Pass> passes, Graph graph, int stopAfter) {
        GraphVerifier.verify(graph);
        Graph current = graph.withoutUnused();
        for (Pass pass : passes.subList(0, Math.clamp(stopAfter, 0, passes.size()))) {
            current = applyOne(pass, current);
        }
        return current;
    }

    private static Graph applyOne(Pass pass, Graph before) {
        Graph after;
        try {
            after = pass.apply(before);
        } catch (ModelException e) {
            throw e.at(pass.name());
        }
        if (after == before) {
            return before;
        }
        try {
            GraphVerifier.verify(after);
        } catch (ModelException e) {
            throw new IllegalStateException("pass " + pass.name() + " made a faulty graph: " + e.getMessage(), e);
        }
        if (!after.inputs().equals(before.inputs()) || !after.outputs().equals(before.outputs())) {
            throw new IllegalStateException("pass " + pass.name() + " changed the inputs or outputs of the graph");
        }
        return after;
    }
}
