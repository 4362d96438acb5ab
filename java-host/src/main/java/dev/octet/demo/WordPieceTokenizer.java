package dev.octet.demo;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns text into the token numbers of an uncased BERT model: cleaned, lower-cased and stripped of accents, split at
 * white space and punctuation, each word then cut into the longest pieces that the vocabulary knows, with {@code [CLS]}
 * before and {@code [SEP]} behind. The text of a special token, such as {@code [SEP]}, is text like any other.
 */
final class WordPieceTokenizer {
    private static final int MAX_WORD_CHARACTERS = 100;
    private static final String CONTINUATION = "##";

    private final Map<String, Integer> vocabulary;
    private final int unknown;
    private final int start;
    private final int end;

    private WordPieceTokenizer(Map<String, Integer> vocabulary) {
        this.vocabulary = vocabulary;
        this.unknown = special("[UNK]");
        this.start = special("[CLS]");
        this.end = special("[SEP]");
    }

    /**
     * Reads a tokenizer.json file of type WordPiece with the normalizer of uncased BERT.
     *
     * @throws IllegalArgumentException if it describes another tokenizer
     */
    static WordPieceTokenizer read(String json) {
        JsonNode root = new JsonMapper().readTree(json);
        if (!root.at("/model/type").asString("").equals("WordPiece")
                || !root.at("/normalizer/type").asString("").equals("BertNormalizer")
                || !root.at("/normalizer/lowercase").asBoolean(false)) {
            throw new IllegalArgumentException("the tokenizer is not an uncased BERT WordPiece");
        }
        Map<String, Integer> vocabulary = new HashMap<>();
        root.at("/model/vocab").forEachEntry((piece, id) -> vocabulary.put(piece, id.asInt()));
        return new WordPieceTokenizer(vocabulary);
    }

    private int special(String token) {
        return Optional.ofNullable(vocabulary.get(token))
                .orElseThrow(() -> new IllegalArgumentException("the vocabulary has no " + token));
    }

    /** The token numbers of a text, cut to {@code maxTokens} with the end token kept; at least 2. */
    long[] encode(String text, int maxTokens) {
        List<Integer> ids = new ArrayList<>();
        ids.add(start);
        for (String word : words(normalize(text))) {
            pieces(word, ids);
        }
        int kept = Math.min(ids.size(), maxTokens - 1);
        long[] result = new long[kept + 1];
        for (int i = 0; i < kept; i++) {
            result[i] = ids.get(i);
        }
        result[kept] = end;
        return result;
    }

    private static String normalize(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c)) {
                clean.append(' ');
            } else if (isIdeograph(c)) {
                clean.append(' ').appendCodePoint(c).append(' ');
            } else if (c != 0xfffd && !isControl(c)) {
                clean.appendCodePoint(c);
            }
        });
        StringBuilder normal = new StringBuilder(clean.length());
        Normalizer.normalize(clean, Normalizer.Form.NFD)
                .codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .map(Character::toLowerCase)
                .forEach(normal::appendCodePoint);
        return normal.toString();
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean punctuation = isPunctuation(c);
            if (punctuation || c == ' ') {
                flush(word, words);
            }
            if (punctuation) {
                words.add(Character.toString(c));
            } else if (c != ' ') {
                word.appendCodePoint(c);
            }
        });
        flush(word, words);
        return words;
    }

    private static void flush(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private void pieces(String word, List<Integer> ids) {
        int before = ids.size();
        int from = 0;
        if (word.codePointCount(0, word.length()) > MAX_WORD_CHARACTERS) {
            ids.add(unknown);
            return;
        }
        while (from < word.length()) {
            int to = word.length();
            Optional<Integer> id = Optional.empty();
            while (to > from && id.isEmpty()) {
                String piece = (from == 0 ? "" : CONTINUATION) + word.substring(from, to);
                id = Optional.ofNullable(vocabulary.get(piece));
                to -= id.isEmpty() ? 1 : 0;
            }
            if (id.isEmpty()) {
                ids.subList(before, ids.size()).clear();
                ids.add(unknown);
                return;
            }
            ids.add(id.get());
            from = to;
        }
    }

    private static boolean isControl(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.UNASSIGNED
                || type == Character.PRIVATE_USE
                || type == Character.SURROGATE;
    }

    private static boolean isPunctuation(int c) {
        boolean ascii = (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
        int type = Character.getType(c);
        return ascii
                || type == Character.CONNECTOR_PUNCTUATION
                || type == Character.DASH_PUNCTUATION
                || type == Character.START_PUNCTUATION
                || type == Character.END_PUNCTUATION
                || type == Character.INITIAL_QUOTE_PUNCTUATION
                || type == Character.FINAL_QUOTE_PUNCTUATION
                || type == Character.OTHER_PUNCTUATION;
    }

    /** The blocks of Chinese characters, which are words of their own. */
    private static boolean isIdeograph(int c) {
        return (c >= 0x4e00 && c <= 0x9fff)
                || (c >= 0x3400 && c <= 0x4dbf)
                || (c >= 0x20000 && c <= 0x2a6df)
                || (c >= 0x2a700 && c <= 0x2ceaf)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0x2f800 && c <= 0x2fa1f);
    }
}
