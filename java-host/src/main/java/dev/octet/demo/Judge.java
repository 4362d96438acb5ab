package dev.octet.demo;

import dev.octet.report.DemoReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Embeds the sentences of all pairs with two encoders in turns and compares the vectors and the times. */
final class Judge {
    /** The first warms up. */
    private static final int ROUNDS = 2;

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

    /** What came out: how long one sentence took, and how close the vectors are. */
    record Verdict(int sentences, long floatMedianNanos, long int8MedianNanos, DemoReport.Accuracy accuracy) {}

    private Judge() {}

    /** How often {@link #judge} reports progress. */
    static int steps(List<SentencePair> pairs) {
        return ROUNDS * sentences(pairs).size();
    }

    private static List<String> sentences(List<SentencePair> pairs) {
        return pairs.stream()
                .flatMap(pair -> Stream.of(pair.first(), pair.second()))
                .distinct()
                .sorted(Comparator.comparingInt(String::length))
                .toList();
    }

    /**
     * Embeds every sentence with both, one after the other, shortest sentences first. A first round warms up.
     *
     * @param progress called after each sentence
     */
    static Verdict judge(List<SentencePair> pairs, SentenceEncoder floats, SentenceEncoder int8, Runnable progress) {
        List<String> sentences = sentences(pairs);
        Embeddings floatEmbeddings = new Embeddings();
        Embeddings int8Embeddings = new Embeddings();
        for (int round = 0; round < ROUNDS; round++) {
            floatEmbeddings = new Embeddings();
            int8Embeddings = new Embeddings();
            for (String sentence : sentences) {
                floatEmbeddings.add(floats, sentence);
                int8Embeddings.add(int8, sentence);
                progress.run();
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
        DemoReport.Accuracy accuracy = new DemoReport.Accuracy(
                pairs.size(),
                Arrays.stream(cosines).average().orElseThrow(),
                Arrays.stream(cosines).min().orElseThrow(),
                Similarity.rankCorrelation(floatSimilarities, int8Similarities),
                Similarity.rankCorrelation(grades, floatSimilarities),
                Similarity.rankCorrelation(grades, int8Similarities));
        return new Verdict(cosines.length, floats.medianNanos(), int8.medianNanos(), accuracy);
    }
}
