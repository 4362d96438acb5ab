package dev.octet.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordPieceTokenizerTest {
    private static final String JSON = """
            {"normalizer": {"type": "BertNormalizer", "lowercase": true},
             "model": {"type": "WordPiece", "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3,
               "un": 4, "##aff": 5, "##able": 6, "##a": 7, "strasse": 8, "cafe": 9, ",": 10, "!": 11, "unaff": 12,
               "\\u6f22": 13, "x": 14, "##x": 15}}}
            """;

    private final WordPieceTokenizer tokenizer = WordPieceTokenizer.read(JSON);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unaffable | 2 12 6 3",
                "Un UNAFF | 2 4 12 3",
                "unable | 2 4 6 3",
                "unb un | 2 1 4 3",
                "Café,café! | 2 9 10 9 11 3",
                "x漢x | 2 14 13 14 3",
                "[SEP] | 2 1 1 1 3",
                "'' | 2 3",
            })
    void encode_text_isCutIntoTheLongestPieces(String text, String ids) {
        String encoded = Arrays.stream(tokenizer.encode(text, 128))
                .mapToObj(Long::toString)
                .collect(Collectors.joining(" "));

        assertThat(encoded).isEqualTo(ids);
    }

    @Test
    void encode_controlAndSpaceCharacters_separateOrVanish() {
        assertThat(tokenizer.encode("x\u0000\u200bx\t\n\u00a0x\u2003x", 128)).containsExactly(2, 14, 15, 14, 14, 3);
    }

    @Test
    void encode_longText_isCutWithTheEndToken() {
        assertThat(tokenizer.encode("x x x x x", 4)).containsExactly(2, 14, 14, 3);
    }

    @Test
    void encode_wordOfMoreThan100Characters_isUnknown() {
        assertThat(tokenizer.encode("x".repeat(100), 128)).hasSize(102);
        assertThat(tokenizer.encode("x".repeat(101), 128)).containsExactly(2, 1, 3);
    }

    @Test
    void read_anotherTokenizer_isRefused() {
        assertThatThrownBy(() -> WordPieceTokenizer.read(JSON.replace("WordPiece", "BPE")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WordPieceTokenizer.read(JSON.replace("[SEP]", "[END]")))
                .hasMessageContaining("[SEP]");
    }
}
