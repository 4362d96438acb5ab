package dev.octet.demo;

/**
 * Two sentences and how alike they are.
 *
 * @param grade from 0, unrelated, to 5, the same said differently
 */
record SentencePair(int grade, String first, String second) {
    /** Reads a line of {@code grade<TAB>first<TAB>second}. */
    static SentencePair parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 3) {
            throw new IllegalArgumentException("\"" + line + "\" has " + fields.length + " fields, not 3");
        }
        return new SentencePair(Integer.parseInt(fields[0]), fields[1], fields[2]);
    }
}
