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
            } else if (isHidden(c)) {
                escaped.append(code(c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.length() >= MAX_LENGTH ? escaped.substring(0, MAX_LENGTH) + "..." : escaped.toString();
    }

    /** Text of any kind with control characters other than line feed and tab escaped: safe on a terminal. */
    public static String printable(String text) {
        if (text.chars().noneMatch(c -> isEscaped((char) c))) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            escaped.append(isEscaped(c) ? code(c) : String.valueOf(c));
        }
        return escaped.toString();
    }

    private static boolean isEscaped(char c) {
        return isHidden(c) && c != '\n' && c != '\t';
    }

    private static boolean isHidden(char c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || c == '\u2028' || c == '\u2029';
    }

    private static String code(char c) {
        return String.format("\\u%04x", (int) c);
    }
}
