package dev.octet.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the words of a function's own name say where no rule knows the whole name. Of an ordered list of lines the first
 * decides that has a word of the name; the function's name is asked first, then its namespaces.
 */
final class KernelWords {
    private static final String SCOPE = "::";

    private final List<Line> lines;

    /** Any of the entries must be in a name, as {@link OwnName#words} writes it; of an entry, every piece. */
    private record Line(List<List<String>> entries, KernelClass kernelClass) {
        boolean isIn(String words) {
            for (List<String> pieces : entries) {
                if (areAllIn(words, pieces)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean areAllIn(String words, List<String> pieces) {
            for (String piece : pieces) {
                if (!words.contains(piece)) {
                    return false;
                }
            }
            return true;
        }
    }

    private KernelWords(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /** @param rows unit, instruction, words, reason */
    static KernelWords of(List<String[]> rows) {
        List<Line> lines = new ArrayList<>();
        for (String[] row : rows) {
            List<List<String>> entries = new ArrayList<>();
            for (String entry : row[2].split(" ", -1)) {
                entries.add(Arrays.stream(entry.split("\\+"))
                        .map(KernelWords::piece)
                        .toList());
            }
            lines.add(new Line(entries, KernelClass.ofName(row[0], row[1], "-", "-", row[3])));
        }
        return new KernelWords(lines);
    }

    /** The piece of text to look for: a word ends at an underscore on each side where it has no star. */
    private static String piece(String word) {
        boolean openStart = word.startsWith("*");
        boolean openEnd = word.endsWith("*");
        String text = word.substring(openStart ? 1 : 0, word.length() - (openEnd ? 1 : 0));
        return (openStart ? "" : "_") + text + (openEnd ? "" : "_");
    }

    /** @param own a function's name with its namespaces */
    Optional<KernelClass> classify(String own) {
        int scope = own.lastIndexOf(SCOPE);
        if (scope < 0) {
            return decide(own);
        }
        return decide(own.substring(scope + SCOPE.length())).or(() -> decide(own.substring(0, scope)));
    }

    private Optional<KernelClass> decide(String own) {
        String words = OwnName.words(own);
        for (Line line : lines) {
            if (line.isIn(words)) {
                return Optional.of(line.kernelClass());
            }
        }
        return Optional.empty();
    }
}
