package dev.octet.graph;

/** Names from a model file, made safe for messages. */
public final class Names {
    private static final int MAX_LENGTH = 256;

    private Names() {}

    /** Escapes control characters and quotes, and cuts to 256 characters. */
    public static String escape(String name) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < name.length() && escaped.length() < MAX_LENGTH; i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || c == '\u2028'
                    || c == '\u2029') {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.length() >= MAX_LENGTH ? escaped.substring(0, MAX_LENGTH) + "..." : escaped.toString();
    }
}
