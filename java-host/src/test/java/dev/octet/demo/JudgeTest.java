package dev.octet.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final double F32_ROUNDING = 1e-6;
    private static final WordPieceTokenizer TOKENIZER = WordPieceTokenizer.read("""
            {"normalizer": {"type": "BertNormalizer", "lowercase": true},
             "model": {"type": "WordPiece", "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "a": 4, "b": 5, "c": 6}}}
            """);

    /** A network whose token vector is (id, shift); padding gets a vector that would be noticed. */
    private static UnaryOperator<Map<String, Tensor>> network(float shift) {
        return inputs -> {
            Tensor ids = Optional.ofNullable(inputs.get("input_ids")).orElseThrow();
            int tokens = Math.toIntExact(ids.elementCount());
            float[] values = new float[2 * tokens];
            for (int i = 0; i < tokens; i++) {
                values[2 * i] = ids.getLong(i) == 0 ? 1e6f : ids.getFloat(i);
                values[2 * i + 1] = shift;
            }
            return Map.of("output_0", Tensor.ofFloats(Shape.of(1, tokens, 2), values));
        };
    }

    private static SentenceEncoder encoder(float shift) {
        return new SentenceEncoder(TOKENIZER, network(shift));
    }

    @Test
    void embed_sentence_isTheNormalizedMeanWithoutPadding() {
        float[] vector = encoder(3).embed("a c");

        // Token numbers 2 4 6 3 have the mean 3.75.
        double length = Math.hypot(3.75, 3);
        assertThat((double) vector[0]).isCloseTo(3.75 / length, within(F32_ROUNDING));
        assertThat((double) vector[1]).isCloseTo(3 / length, within(F32_ROUNDING));
    }

    @Test
    void inputs_length_isPaddedToSixteen() {
        Map<String, Tensor> inputs = SentenceEncoder.inputs(TOKENIZER, "a ".repeat(15));

        assertThat(inputs.values())
                .allSatisfy(tensor -> assertThat(tensor.shape()).isEqualTo(Shape.of(1, 32)));
    }

    @Test
    void judge_equalEncoders_agreeExactly() {
        List<SentencePair> pairs =
                List.of(new SentencePair(5, "a", "a"), new SentencePair(2, "a", "b"), new SentencePair(0, "a", "c"));

        Judge.Verdict verdict = Judge.judge(pairs, encoder(3), encoder(3), () -> {});

        assertThat(verdict.accuracy().meanCosine()).isCloseTo(1, within(F32_ROUNDING));
        assertThat(verdict.accuracy().rankCorrelation()).isCloseTo(1, within(F32_ROUNDING));
        assertThat(verdict.accuracy().floatGradeCorrelation()).isCloseTo(1, within(F32_ROUNDING));
        assertThat(verdict.floatMedianNanos()).isPositive();
    }

    @Test
    void judge_anotherEncoder_isSeen() {
        List<SentencePair> pairs =
                List.of(new SentencePair(5, "a", "b"), new SentencePair(2, "a", "c"), new SentencePair(0, "b", "c"));

        Judge.Verdict verdict = Judge.judge(pairs, encoder(3), encoder(-1), () -> {});

        assertThat(verdict.accuracy().meanCosine()).isLessThan(0.8);
        assertThat(verdict.accuracy().leastCosine())
                .isLessThanOrEqualTo(verdict.accuracy().meanCosine());
    }

    @Test
    void sentences_ofOurs_areManyAndNotInBothSets() {
        Set<String> calibration = new HashSet<>(MiniLmFiles.calibrationSentences());
        List<SentencePair> pairs = MiniLmFiles.pairs();

        assertThat(calibration).hasSizeGreaterThanOrEqualTo(100);
        assertThat(pairs).hasSizeGreaterThanOrEqualTo(40);
        assertThat(pairs).extracting(SentencePair::grade).contains(0, 1, 2, 3, 4, 5);
        assertThat(pairs).noneMatch(pair -> calibration.contains(pair.first()) || calibration.contains(pair.second()));
    }
}
