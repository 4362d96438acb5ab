package dev.octet.profile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Tells from a kernel's name which unit it uses. The rules lie in {@code kernel-rules.tsv} beside this class: the first
 * that is found in a name decides, and a name without a rule stays unknown. Immutable and safe from many threads.
 */
public final class KernelNames {
    private static final String RULES = "kernel-rules.tsv";
    private static final int COLUMNS = 6;

    /** Names longer than this are judged by their beginning: it bounds the time of the patterns. */
    private static final int LONGEST_NAME = 4096;

    private final List<Rule> rules;

    /** What a pattern begins with that is looked for in the function's own name. */
    private static final String OWN = "own:";

    private record Rule(Pattern pattern, boolean own, KernelClass kernelClass) {}

    private KernelNames(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Reads the rules that come with this library. */
    public static KernelNames load() {
        try (InputStream stream =
                        Objects.requireNonNull(KernelNames.class.getResourceAsStream(RULES), "no resource " + RULES);
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            List<Rule> rules = new ArrayList<>();
            for (String line : lines.lines().toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    rules.add(rule(line));
                }
            }
            return new KernelNames(rules);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a kernel's name says; demangled or not. */
    public KernelClass classify(String name) {
        String judged = name.substring(0, Math.min(name.length(), LONGEST_NAME)).strip();
        String own = OwnName.of(judged);
        for (Rule rule : rules) {
            if (rule.pattern().matcher(rule.own() ? own : judged).find()) {
                return rule.kernelClass();
            }
        }
        return KernelClass.UNKNOWN;
    }

    private static Rule rule(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalStateException(
                    RULES + ": " + columns.length + " columns, expected " + COLUMNS + ": " + line);
        }
        KernelClass kernelClass = new KernelClass(
                KernelUnit.valueOf(columns[0]),
                present(columns[1]),
                present(columns[2]),
                present(columns[3])
                        .map(text -> OptionalInt.of(Integer.parseInt(text)))
                        .orElse(OptionalInt.empty()),
                KernelClass.Evidence.NAME,
                columns[5]);
        boolean own = columns[4].startsWith(OWN);
        String pattern = own ? columns[4].substring(OWN.length()) : columns[4];
        return new Rule(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), own, kernelClass);
    }

    private static Optional<String> present(String text) {
        return text.equals("-") ? Optional.empty() : Optional.of(text);
    }
}
