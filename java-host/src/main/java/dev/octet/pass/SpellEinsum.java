package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Einsum;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.Reshape;
import dev.octet.graph.op.Transpose;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Turns an Einsum that is a matrix product into MatMul between Transposes and Reshapes, so that it is quantized and run like
 * one: of two activations with one row, one column and one summed label besides shared outer ones, or of an activation
 * and a constant without shared outer labels. Equations with an ellipsis, without an arrow, or that repeat a label stay.
 */
public final class SpellEinsum implements Pass {
    /** The three terms of an equation as strings of labels, and the roles of labels. */
    private record Terms(String a, String b, String y) {
        static Optional<Terms> of(String equation) {
            String[] sides = equation.replace(" ", "").split("->", -1);
            String[] inputs = sides[0].split(",", -1);
            if (sides.length != 2 || inputs.length != 2) {
                return Optional.empty();
            }
            Terms terms = new Terms(inputs[0], inputs[1], sides[1]);
            return terms.isPlain() ? Optional.of(terms) : Optional.empty();
        }

        private boolean isPlain() {
            boolean letters = (a + b + y).chars().allMatch(Character::isLetter);
            boolean once = List.of(a, b, y).stream()
                    .allMatch(term -> term.chars().distinct().count() == term.length());
            boolean used =
                    (a + b).chars().allMatch(c -> count(c) >= 2) && y.chars().allMatch(c -> count(c) >= 2);
            return letters && once && used;
        }

        private long count(int label) {
            return (a + b + y).chars().filter(c -> c == label).count();
        }

        /** The labels of a term that are in another one, and in the third or not, in order. */
        private static String labels(String of, String in, String third, boolean inThird) {
            return of.chars()
                    .filter(c -> in.indexOf(c) >= 0 && (third.indexOf(c) >= 0) == inThird)
                    .mapToObj(Character::toString)
                    .collect(java.util.stream.Collectors.joining());
        }

        String outer() {
            return labels(y, a, b, true);
        }

        String rows() {
            return labels(y, a, b, false);
        }

        String columns() {
            return labels(y, b, a, false);
        }

        String summed() {
            return labels(b, a, y, false);
        }
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriting.everywhere(graph, SpellEinsum::spell);
    }

    private static Optional<Graph> spell(Graph graph, Node node) {
        if (!(node.op() instanceof Einsum(String equation)) || node.inputs().size() != 2) {
            return Optional.empty();
        }
        Optional<Terms> found = Terms.of(equation).filter(terms -> !terms.rows().isEmpty());
        if (found.isEmpty() || !graph.dtype(node.output()).isFloat()) {
            return Optional.empty();
        }
        Terms terms = found.get();
        Optional<Shape> weight = graph.constant(node.input(1)).map(Tensor::shape);
        GraphEdit edit = new GraphEdit(graph);
        boolean single = terms.rows().length() == 1
                && terms.columns().length() == 1
                && terms.summed().length() == 1;
        if (weight.isPresent()
                && weight.get().rank() == terms.b.length()
                && terms.outer().isEmpty()
                && !terms.columns().isEmpty()
                && !terms.summed().isEmpty()) {
            byWeight(edit, node, terms, weight.get());
        } else if (single && weight.isEmpty() && !graph.isConstant(node.input(0))) {
            byActivation(edit, node, terms);
        } else {
            return Optional.empty();
        }
        return Optional.of(edit.apply());
    }

    private static void byActivation(GraphEdit edit, Node node, Terms terms) {
        String outer = terms.outer();
        String a = transposed(edit, node.input(0), terms.a, outer + terms.rows() + terms.summed());
        String b = transposed(edit, node.input(1), terms.b, outer + terms.summed() + terms.columns());
        finish(edit, node, List.of(a, b), outer + terms.rows() + terms.columns(), terms.y);
    }

    private static void byWeight(GraphEdit edit, Node node, Terms terms, Shape weight) {
        String rows = terms.rows();
        long[] columns = extents(terms.columns(), terms.b, weight);
        long summed = product(extents(terms.summed(), terms.b, weight));
        String a = transposed(edit, node.input(0), terms.a, rows + terms.summed());
        String b = transposed(edit, node.input(1), terms.b, terms.summed() + terms.columns());
        if (terms.summed().length() > 1) {
            a = reshaped(edit, a, kept(rows.length(), summed));
        }
        if (terms.b.length() > 2) {
            b = reshaped(edit, b, summed, product(columns));
        }
        if (columns.length == 1) {
            finish(edit, node, List.of(a, b), rows + terms.columns(), terms.y);
            return;
        }
        String product = edit.freshName(node.output() + "/product");
        edit.put(new Node(node.name(), new MatMul(), List.of(a, b), List.of(product)));
        String split = reshaped(edit, product, kept(rows.length(), columns));
        String whole = transposed(edit, split, rows + terms.columns(), terms.y);
        edit.replaceUses(node.output(), whole);
    }

    /** The MatMul in the Einsum's place, and a Transpose behind it if its labels are in another order. */
    private static void finish(GraphEdit edit, Node node, List<String> inputs, String from, String to) {
        if (from.equals(to)) {
            edit.put(new Node(node.name(), new MatMul(), inputs, node.outputs()));
            return;
        }
        String product = edit.freshName(node.output() + "/product");
        edit.put(new Node(node.name(), new MatMul(), inputs, List.of(product)));
        edit.put(new Node(
                edit.freshName(node.name() + "/Transpose"), order(from, to), List.of(product), node.outputs()));
    }

    private static Transpose order(String from, String to) {
        return new Transpose(to.chars().mapToLong(from::indexOf).toArray());
    }

    private static String transposed(GraphEdit edit, String value, String from, String to) {
        return from.equals(to) ? value : edit.addNode(value + "/ordered", order(from, to), value);
    }

    /** Extents of a Reshape that leaves the first axes as they are. */
    private static long[] kept(int axes, long... behind) {
        long[] extents = new long[axes + behind.length];
        System.arraycopy(behind, 0, extents, axes, behind.length);
        return extents;
    }

    private static String reshaped(GraphEdit edit, String value, long... extents) {
        String shape = edit.addConstant(value + "/extents", Tensor.vector(extents));
        return edit.addNode(value + "/reshaped", new Reshape(false), value, shape);
    }

    private static long[] extents(String labels, String term, Shape shape) {
        return IntStream.range(0, labels.length())
                .mapToLong(i -> shape.dim(term.indexOf(labels.charAt(i))))
                .toArray();
    }

    private static long product(long... extents) {
        long product = 1;
        for (long extent : extents) {
            product = Math.multiplyExact(product, extent);
        }
        return product;
    }
}
