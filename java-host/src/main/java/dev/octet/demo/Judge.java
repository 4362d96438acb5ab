package dev.octet.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Embeds the sentences of all pairs with two encoders in turns and compares the vectors and the times. */
final class Judge {
    /** Vectors of one encoder and how long each took. */
    private record Embeddings(Map<String, float[]> vectors, List<Long> nanos) {
        Embeddings() {
            this(new HashMap<>(), new ArrayList<>());
        }

        void add(SentenceEncoder encoder, String sentence) {
            long start = System.nanoTime();
            float[] vector = encoder.embed(sentence);
            nanos.add(System.nanoTime() - start);
            vectors.put(sentence, vector);
        }

        float[] vector(String sentence) {
            return Optional.ofNullable(vectors.get(sentence)).orElseThrow();
        }

        double similarity(SentencePair pair) {
            return Similarity.cosine(vector(pair.first()), vector(pair.second()));
        }

        long medianNanos() {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted[sorted.length / 2];
        }
    }

    /**
     * What came out.
     *
     * @param meanCosine between the float and the INT8 vector of a sentence, over all sentences
     * @param leastCosine the worst of them
     * @param rankCorrelation of the pairs' similarities, float against INT8
     * @param floatGradeCorrelation rank correlation of the float similarities with the grades people gave
     * @param int8GradeCorrelation the same for INT8
     */
    record Verdict(
            long floatMedianNanos,
            long int8MedianNanos,
            double meanCosine,
            double leastCosine,
            double rankCorrelation,
            double floatGradeCorrelation,
            double int8GradeCorrelation) {}

    private Judge() {}

    /**
     * Embeds every sentence with both, one after the other, shortest sentences first. One round of all sentences warms up.
     */
    static Verdict judge(List<SentencePair> pairs, SentenceEncoder floats, SentenceEncoder int8) {
        List<String> sentences = pairs.stream()
                .flatMap(pair -> List.of(pair.first(), pair.second()).stream())
                .distinct()
                .sorted(Comparator.comparingInt(String::length))
                .toList();
        Embeddings floatEmbeddings = new Embeddings();
        Embeddings int8Embeddings = new Embeddings();
        for (int round = 0; round < 2; round++) {
            floatEmbeddings = new Embeddings();
            int8Embeddings = new Embeddings();
            for (String sentence : sentences) {
                floatEmbeddings.add(floats, sentence);
                int8Embeddings.add(int8, sentence);
            }
        }
        return verdict(pairs, floatEmbeddings, int8Embeddings);
    }

    private static Verdict verdict(List<SentencePair> pairs, Embeddings floats, Embeddings int8) {
        double[] cosines = floats.vectors().keySet().stream()
                .mapToDouble(sentence -> Similarity.cosine(floats.vector(sentence), int8.vector(sentence)))
                .toArray();
        double[] grades = pairs.stream().mapToDouble(SentencePair::grade).toArray();
        double[] floatSimilarities =
                pairs.stream().mapToDouble(floats::similarity).toArray();
        double[] int8Similarities = pairs.stream().mapToDouble(int8::similarity).toArray();
        return new Verdict(
                floats.medianNanos(),
                int8.medianNanos(),
                Arrays.stream(cosines).average().orElseThrow(),
                Arrays.stream(cosines).min().orElseThrow(),
                Similarity.rankCorrelation(floatSimilarities, int8Similarities),
                Similarity.rankCorrelation(grades, floatSimilarities),
                Similarity.rankCorrelation(grades, int8Similarities));
    }
}
