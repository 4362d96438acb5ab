package dev.octet.profile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Tells from a kernel's name which unit it uses. The rules lie in {@code kernel-rules.tsv} beside this class: the first
 * that is found in a name decides. Where none is, the words of the function's own name do, by {@code kernel-words.tsv},
 * and a name without a known word stays unknown. Immutable and safe from many threads.
 */
public final class KernelNames {
    private static final String RULES = "kernel-rules.tsv";
    private static final int RULE_COLUMNS = 6;
    private static final String WORDS = "kernel-words.tsv";
    private static final int WORD_COLUMNS = 4;

    /** Names longer than this are judged by their beginning: it bounds the time of the patterns. */
    private static final int LONGEST_NAME = 4096;

    /** What a pattern begins with that is looked for in the function's own name. */
    private static final String OWN = "own:";

    private final List<Rule> rules;
    private final KernelWords words;

    private record Rule(NamePattern pattern, boolean own, KernelClass kernelClass) {}

    private KernelNames(List<Rule> rules, KernelWords words) {
        this.rules = List.copyOf(rules);
        this.words = words;
    }

    /** Reads the rules and words that come with this library. */
    public static KernelNames load() {
        return new KernelNames(
                rows(RULES, RULE_COLUMNS).stream().map(KernelNames::rule).toList(),
                KernelWords.of(rows(WORDS, WORD_COLUMNS)));
    }

    /** What a kernel's name says; demangled or not. */
    public KernelClass classify(String name) {
        String judged = name.substring(0, Math.min(name.length(), LONGEST_NAME)).strip();
        String lowerCase = judged.toLowerCase(Locale.ROOT);
        String own = OwnName.of(judged);
        String ownLowerCase = own.toLowerCase(Locale.ROOT);
        for (Rule rule : rules) {
            boolean found = rule.own ? rule.pattern.isIn(own, ownLowerCase) : rule.pattern.isIn(judged, lowerCase);
            if (found) {
                return rule.kernelClass;
            }
        }
        return words.classify(own).orElse(KernelClass.UNKNOWN);
    }

    private static Rule rule(String[] columns) {
        boolean own = columns[4].startsWith(OWN);
        return new Rule(
                new NamePattern(own ? columns[4].substring(OWN.length()) : columns[4]),
                own,
                KernelClass.ofName(columns[0], columns[1], columns[2], columns[3], columns[5]));
    }

    private static List<String[]> rows(String resource, int columnCount) {
        try (InputStream stream = Objects.requireNonNull(
                        KernelNames.class.getResourceAsStream(resource), "no resource " + resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            List<String[]> rows = new ArrayList<>();
            for (String line : lines.lines().toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    rows.add(columns(resource, line, columnCount));
                }
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] columns(String resource, String line, int columnCount) {
        String[] columns = line.split("\t", -1);
        if (columns.length != columnCount) {
            throw new IllegalStateException(
                    resource + ": " + columns.length + " columns, expected " + columnCount + ": " + line);
        }
        return columns;
    }
}
