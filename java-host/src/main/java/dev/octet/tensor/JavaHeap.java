package dev.octet.tensor;

/** The Java heap's limit, against which is counted before memory is taken. */
public final class JavaHeap {
    private JavaHeap() {}

    /** The most bytes that the heap may have. */
    public static long limitBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    /** "the Java heap's limit of so many bytes" and how to raise it: ends a message. */
    public static String limit() {
        return "the Java heap's limit of " + limitBytes() + "; OCTET_JAVA_OPTS=-Xmx8g raises it to 8 GiB";
    }
}
