package dev.octet.demo;

import dev.octet.calib.SampleSource;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Sentences as calibration takes them. */
record SentenceSamples(WordPieceTokenizer tokenizer, List<String> sentences) implements SampleSource {
    SentenceSamples {
        sentences = List.copyOf(sentences);
    }

    @Override
    public int count() {
        return sentences.size();
    }

    @Override
    public Map<String, Tensor> inputs(int index) {
        return SentenceEncoder.inputs(tokenizer, sentences.get(index));
    }
}
