package dev.octet.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A pattern that is looked for in very many names. Each of its alternatives holds a piece of plain text that a name must
 * contain, which is far cheaper to look for than the alternative; only names with that text are matched against it.
 */
final class NamePattern {
    private static final String META = "\\.[](){}^$|?*+";
    private static final String QUANTIFIERS = "?*{";

    private final List<Alternative> alternatives;

    private record Alternative(String text, Pattern pattern) {}

    /** Case is ignored. */
    NamePattern(String pattern) {
        List<Alternative> split = new ArrayList<>();
        for (String alternative : alternatives(pattern)) {
            split.add(new Alternative(
                    longestText(alternative).toLowerCase(Locale.ROOT),
                    Pattern.compile(alternative, Pattern.CASE_INSENSITIVE)));
        }
        this.alternatives = List.copyOf(split);
    }

    /** Whether the pattern occurs in a name, which is also given in lower case. */
    boolean isIn(String name, String lowerCase) {
        for (Alternative alternative : alternatives) {
            if (lowerCase.contains(alternative.text)
                    && alternative.pattern.matcher(name).find()) {
                return true;
            }
        }
        return false;
    }

    /** Splits at the bars that stand in no group. */
    private static List<String> alternatives(String pattern) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < pattern.length(); at = behindElement(pattern, at)) {
            if (pattern.charAt(at) == '|') {
                parts.add(pattern.substring(from, at));
                from = at + 1;
            }
        }
        parts.add(pattern.substring(from));
        return parts;
    }

    /** The longest run of plain characters outside groups and classes; a quantifier may drop the one before it. */
    private static String longestText(String alternative) {
        String longest = "";
        int from = 0;
        int at = 0;
        while (at <= alternative.length()) {
            boolean atEnd = at == alternative.length();
            char c = atEnd ? '$' : alternative.charAt(at);
            if (META.indexOf(c) < 0) {
                at++;
                continue;
            }
            int end = QUANTIFIERS.indexOf(c) < 0 ? at : at - 1;
            if (end - from > longest.length()) {
                longest = alternative.substring(from, end);
            }
            at = atEnd ? at + 1 : behindElement(alternative, at);
            from = at;
        }
        return longest;
    }

    /** Where the element that begins at an index ends: a character, an escaped one, a class, a group or a quantifier. */
    private static int behindElement(String pattern, int at) {
        return switch (pattern.charAt(at)) {
            case '\\' -> at + 2;
            case '[' -> behind(pattern, at + 1, ']');
            case '(' -> behind(pattern, at + 1, ')');
            case '{' -> behind(pattern, at + 1, '}');
            default -> at + 1;
        };
    }

    private static int behind(String pattern, int from, char closing) {
        int at = from;
        while (pattern.charAt(at) != closing) {
            boolean inClass = closing == ']' && pattern.charAt(at) != '\\';
            at = inClass ? at + 1 : behindElement(pattern, at);
        }
        return at + 1;
    }
}
