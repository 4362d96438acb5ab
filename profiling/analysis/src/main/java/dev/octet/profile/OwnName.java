package dev.octet.profile;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of a kernel's function, without what it was instantiated with and without its parameters. */
final class OwnName {
    private static final Pattern PART = Pattern.compile("\\G(?:S[t0-9A-Z]?_?|[KVN])*(\\d{1,4})");

    /** Where a name's words part: before a capital behind a small letter, before its last small ones, before digits. */
    private static final Pattern WORD_BOUNDARY = Pattern.compile(
            "(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-zA-Z])(?=\\d+([^a-z0-9]|$))|[^a-zA-Z0-9]+");

    private static final Pattern RETURN_TYPE = Pattern.compile("^(void|int|float) ");

    private OwnName() {}

    /** From a demangled name, or from one as compilers of the Itanium ABI mangle it. */
    static String of(String name) {
        return name.startsWith("_Z") ? mangled(name) : demangled(name);
    }

    /** The words of an own name in small letters, each between two underscores: {@code _add_layer_norm_}. */
    static String words(String own) {
        String words = "_" + WORD_BOUNDARY.matcher(own).replaceAll("_").toLowerCase(Locale.ROOT) + "_";
        return words.replace("__", "_");
    }

    private static String demangled(String name) {
        String plain = name.replace("(anonymous namespace)", "anonymous")
                .replace("<unnamed>", "anonymous")
                .strip();
        plain = RETURN_TYPE.matcher(plain).replaceFirst("");
        int end = 0;
        while (end < plain.length() && "<([".indexOf(plain.charAt(end)) < 0) {
            end++;
        }
        return plain.substring(0, end).strip();
    }

    /** Parts such as {@code 2at6native18elementwise_kernel}, each behind its length; arguments begin with a letter. */
    private static String mangled(String name) {
        StringBuilder own = new StringBuilder();
        Matcher part = PART.matcher(name);
        int at = 2;
        while (at < name.length() && part.find(at) && part.start() == at) {
            int end = part.end() + Integer.parseInt(part.group(1));
            if (end > name.length()) {
                break;
            }
            own.append(own.isEmpty() ? "" : "::").append(name, part.end(), end);
            at = end;
        }
        return own.isEmpty() ? name : own.toString();
    }
}
