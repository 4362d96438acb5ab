package dev.octet.graph;

import dev.octet.tensor.DType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks what changed in a {@link Wiring}, and gives the changed values their types: the same for a graph that is built
 * whole, where everything changed, and for one that an edit made.
 */
final class WiringVerifier {
    private final Wiring wiring;
    private final Wiring before;

    private WiringVerifier(Wiring wiring, Wiring before) {
        this.wiring = wiring;
        this.before = before;
    }

    /**
     * Verifies.
     *
     * @param before what the changes were made to, or an empty one
     * @throws ModelException if two nodes write a value, a value is used but not defined, changed nodes form a cycle, or
     *     element types do not fit an operator
     */
    static void verify(Wiring wiring, Wiring before) {
        WiringVerifier verifier = new WiringVerifier(wiring, before);
        List<Node> changed = wiring.changedNodes();
        changed.forEach(verifier::requireOnlyWriter);
        wiring.changedValues().forEach(verifier::requireDefined);
        verifier.inferTypes(changed);
        for (String value : wiring.changedValues()) {
            if (wiring.isOutput(value) && !wiring.isDefined(value)) {
                throw ModelException.invalid("graph output \"" + Names.escape(value) + "\" is not produced");
            }
        }
    }

    private void requireOnlyWriter(Node node) {
        Set<String> seen = new HashSet<>();
        for (String output : node.outputs()) {
            if (output.isEmpty()) {
                continue;
            }
            Node writer = wiring.writer(output).orElse(node);
            if (writer != node || !seen.add(output)) {
                throw ModelException.invalid("tensor \"" + Names.escape(output) + "\" is written by " + node.describe()
                        + " and by " + writer.describe());
            }
            if (wiring.isGiven(output)) {
                throw ModelException.invalid(node.describe() + " writes tensor \"" + Names.escape(output)
                        + "\", which is a graph input or an initializer");
            }
        }
    }

    private void requireDefined(String value) {
        if (wiring.isDefined(value)) {
            return;
        }
        wiring.readers(value).stream().findFirst().ifPresent(node -> {
            throw ModelException.invalid(
                    node.describe() + " reads tensor \"" + Names.escape(value) + "\", which nobody produces");
        });
    }

    private void inferTypes(List<Node> changed) {
        boolean spreads = false;
        for (Node node : TopologicalOrder.of(
                changed.stream().filter(node -> !keepsTypes(node)).toList())) {
            spreads |= infer(node);
        }
        if (spreads) {
            TopologicalOrder.of(wiring.nodes()).forEach(this::infer);
        }
    }

    /** Whether a node has the operator, the outputs and the types of inputs that it had. */
    private boolean keepsTypes(Node node) {
        Optional<Node> old = before.find(node.name());
        if (old.isEmpty()
                || old.get().op() != node.op()
                || !old.get().outputs().equals(node.outputs())
                || old.get().inputs().size() != node.inputs().size()) {
            return false;
        }
        for (int i = 0; i < node.inputs().size(); i++) {
            String was = old.get().inputs().get(i);
            String is = node.inputs().get(i);
            if (!was.equals(is) && !before.dtype(was).equals(wiring.dtype(is))) {
                return false;
            }
        }
        return true;
    }

    /** Gives a node's outputs their types; whether a value that was there before has another type now. */
    private boolean infer(Node node) {
        List<Optional<DType>> types = new ArrayList<>(node.inputs().size());
        for (String input : node.inputs()) {
            types.add(input.isEmpty() ? Optional.empty() : wiring.dtype(input));
        }
        List<DType> results;
        try {
            results = node.op().outputDTypes(types, node.outputs().size());
        } catch (ModelException e) {
            throw e.at(node.describe());
        }
        boolean differs = false;
        for (int i = 0; i < results.size(); i++) {
            String output = node.outputs().get(i);
            if (!output.isEmpty()) {
                wiring.setDType(output, results.get(i));
                differs |= before.dtype(output).filter(results.get(i)::equals).isEmpty()
                        && before.dtype(output).isPresent();
            }
        }
        return differs;
    }
}
