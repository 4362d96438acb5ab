package dev.octet.demo;

import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Turns a sentence into a vector of length 1: the mean of the network's token vectors, padding left out. The network is
 * any function of MiniLM's inputs ({@code input_ids}, {@code attention_mask}, {@code token_type_ids}, int64
 * [1, tokens]) to its output {@code output_0}, f32 [1, tokens, width].
 */
final class SentenceEncoder {
    private static final String OUTPUT = "output_0";
    private static final int MAX_TOKENS = 128;

    /** Lengths are padded to a multiple of this, so that few plans serve all sentences. */
    private static final int LENGTH_STEP = 16;

    private final WordPieceTokenizer tokenizer;
    private final UnaryOperator<Map<String, Tensor>> network;

    SentenceEncoder(WordPieceTokenizer tokenizer, UnaryOperator<Map<String, Tensor>> network) {
        this.tokenizer = tokenizer;
        this.network = network;
    }

    /** The network's inputs for a sentence. */
    static Map<String, Tensor> inputs(WordPieceTokenizer tokenizer, String sentence) {
        long[] ids = tokenizer.encode(sentence, MAX_TOKENS);
        int padded = Math.ceilDiv(ids.length, LENGTH_STEP) * LENGTH_STEP;
        long[] mask = new long[padded];
        Arrays.fill(mask, 0, ids.length, 1);
        Shape shape = Shape.of(1, padded);
        return Map.of(
                "input_ids", Tensor.ofLongs(shape, Arrays.copyOf(ids, padded)),
                "attention_mask", Tensor.ofLongs(shape, mask),
                "token_type_ids", Tensor.ofLongs(shape, new long[padded]));
    }

    float[] embed(String sentence) {
        Map<String, Tensor> inputs = inputs(tokenizer, sentence);
        Tensor hidden = Optional.ofNullable(network.apply(inputs).get(OUTPUT))
                .orElseThrow(() -> new IllegalStateException("the network has no output " + OUTPUT));
        Tensor mask = Optional.ofNullable(inputs.get("attention_mask")).orElseThrow();
        return normalized(meanOfTokens(hidden, mask));
    }

    private static double[] meanOfTokens(Tensor hidden, Tensor mask) {
        int tokens = Math.toIntExact(mask.elementCount());
        int width = Math.toIntExact(hidden.elementCount() / tokens);
        float[] values = hidden.toFloats();
        double[] sum = new double[width];
        long counted = 0;
        for (int token = 0; token < tokens; token++) {
            if (mask.getLong(token) != 0) {
                counted++;
                for (int i = 0; i < width; i++) {
                    sum[i] += values[token * width + i];
                }
            }
        }
        for (int i = 0; i < width; i++) {
            sum[i] /= counted;
        }
        return sum;
    }

    private static float[] normalized(double[] vector) {
        double squared = 0;
        for (double element : vector) {
            squared += element * element;
        }
        float[] result = new float[vector.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) (vector[i] / Math.sqrt(squared));
        }
        return result;
    }
}
