package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The loops of an {@link Einsum}: one over each label, outputs' first.
 *
 * @param outputAxes how many of the loops run over the output's axes, in its order; the others are sums
 * @param extents one a loop
 * @param strides for each operand, how many elements it advances in each loop
 */
public record EinsumAxes(int outputAxes, long[] extents, long[][] strides) {
    private static final String ELLIPSIS = "...";

    /** Stands for the ellipsis in a term, after which its axes are named by digits from the end. */
    private static final char DOTS = '.';

    public Shape outputShape() {
        return Shape.of(Arrays.copyOf(extents, outputAxes));
    }

    /**
     * Reads an equation for operands of these shapes.
     *
     * @throws ModelException if it is malformed or does not fit them
     */
    public static EinsumAxes resolve(String equation, List<Shape> operands) {
        String compact = equation.replace(" ", "").replace(ELLIPSIS, String.valueOf(DOTS));
        int arrow = compact.indexOf("->");
        String[] terms = (arrow < 0 ? compact : compact.substring(0, arrow)).split(",", -1);
        if (terms.length != operands.size()) {
            throw malformed(equation, "has " + terms.length + " terms for " + operands.size() + " inputs");
        }
        int dots = 0;
        for (int k = 0; k < terms.length; k++) {
            if (terms[k].indexOf(DOTS) >= 0) {
                dots = Math.max(dots, operands.get(k).rank() - terms[k].length() + 1);
            }
        }
        List<String> labels = new ArrayList<>();
        for (int k = 0; k < terms.length; k++) {
            int own = operands.get(k).rank() - terms[k].length() + (terms[k].indexOf(DOTS) >= 0 ? 1 : 0);
            labels.add(expand(equation, terms[k], own));
        }
        String output = expand(equation, arrow < 0 ? implicitOutput(compact) : compact.substring(arrow + 2), dots);
        return loops(equation, labels, output, operands);
    }

    private static ModelException malformed(String equation, String why) {
        return ModelException.invalid("equation \"" + Names.escape(equation) + "\" " + why);
    }

    private static String implicitOutput(String terms) {
        String once = terms.chars()
                .filter(c -> Character.isLetter(c) && terms.indexOf(c) == terms.lastIndexOf(c))
                .sorted()
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        return (terms.indexOf(DOTS) >= 0 ? String.valueOf(DOTS) : "") + once;
    }

    /** Replaces the ellipsis by the names of {@code count} axes: the characters below 'A', the last axis '@'. */
    private static String expand(String equation, String term, int count) {
        StringBuilder expanded = new StringBuilder();
        for (int at = 0; at < term.length(); at++) {
            char c = term.charAt(at);
            if (c == DOTS && count >= 0 && count < '@') {
                for (int i = count; i > 0; i--) {
                    expanded.append((char) ('@' + 1 - i));
                }
            } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
                expanded.append(c);
            } else {
                throw malformed(equation, "is not understood at '" + c + "'");
            }
        }
        return expanded.toString();
    }

    private static EinsumAxes loops(String equation, List<String> terms, String output, List<Shape> operands) {
        StringBuilder order = new StringBuilder(output);
        for (String term : terms) {
            term.chars().filter(c -> order.indexOf(Character.toString(c)) < 0).forEach(c -> order.append((char) c));
        }
        if (order.chars().distinct().count() != order.length()) {
            throw malformed(equation, "names an output axis twice");
        }
        long[] extents = new long[order.length()];
        Arrays.fill(extents, 1);
        long[][] strides = new long[terms.size()][order.length()];
        boolean[] named = new boolean[order.length()];
        for (int k = 0; k < terms.size(); k++) {
            Shape shape = operands.get(k);
            if (terms.get(k).length() != shape.rank()) {
                throw malformed(equation, "does not fit input " + k + " " + shape);
            }
            for (int axis = 0; axis < shape.rank(); axis++) {
                int loop = order.indexOf(terms.get(k).substring(axis, axis + 1));
                long extent = shape.dim(axis);
                if (extent != 1 && extents[loop] != 1 && extent != extents[loop]) {
                    throw malformed(equation, "gives one label the extents " + extents[loop] + " and " + extent);
                }
                extents[loop] = extent == 1 ? extents[loop] : extent;
                strides[k][loop] += extent == 1 ? 0 : shape.strides()[axis];
                named[loop] = true;
            }
        }
        for (int loop = 0; loop < named.length; loop++) {
            if (!named[loop]) {
                throw malformed(equation, "has an output label that no input has");
            }
        }
        return new EinsumAxes(output.length(), extents, strides);
    }
}
