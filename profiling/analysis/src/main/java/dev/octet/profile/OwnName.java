package dev.octet.profile;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of a kernel's function, without what it was instantiated with and without its parameters. */
final class OwnName {
    private static final Pattern PART = Pattern.compile("\\G(?:S[t0-9A-Z]?_?|[KVN])*(\\d{1,4})");

    private OwnName() {}

    /** From a demangled name, or from one as compilers of the Itanium ABI mangle it. */
    static String of(String name) {
        return name.startsWith("_Z") ? mangled(name) : demangled(name);
    }

    private static String demangled(String name) {
        String plain = name.replace("(anonymous namespace)", "anonymous")
                .replace("<unnamed>", "anonymous")
                .replaceFirst("^(void|int|float) ", "");
        int end = 0;
        while (end < plain.length() && plain.charAt(end) != '<' && plain.charAt(end) != '(') {
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
