package dev.octet.demo;

import dev.octet.io.AtomicFile;
import dev.octet.tensor.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The network and tokenizer, which an optional jar carries, and the sentences, which are ours. */
final class MiniLmFiles {
    private static final String MODEL = "/all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";

    private MiniLmFiles() {}

    /** Whether the jar with the network is on the class path. */
    static boolean arePresent() {
        return MiniLmFiles.class.getResource(MODEL) != null && MiniLmFiles.class.getResource(TOKENIZER) != null;
    }

    /**
     * Copies the network into a file.
     *
     * @throws ConfigException if the jar is not on the class path
     */
    static void copyModel(Path target) throws IOException {
        try (InputStream in = open(MODEL);
                AtomicFile file = AtomicFile.create(target)) {
            in.transferTo(file.out());
            file.commit();
        }
    }

    static WordPieceTokenizer tokenizer() {
        return WordPieceTokenizer.read(text(TOKENIZER));
    }

    /** Sentences to calibrate with; none of them is in a pair. */
    static List<String> calibrationSentences() {
        return lines("calibration.txt");
    }

    /** Sentence pairs to judge with. */
    static List<SentencePair> pairs() {
        return lines("pairs.tsv").stream().map(SentencePair::parse).toList();
    }

    private static List<String> lines(String name) {
        return text(name).lines().filter(line -> !line.isBlank()).toList();
    }

    private static String text(String name) {
        try (InputStream in = open(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        InputStream in = MiniLmFiles.class.getResourceAsStream(name);
        if (in == null) {
            throw new ConfigException("the demo's " + name + " is not on the class path; run \"octet demo\" with the"
                    + " launcher, or Maven with -Pdemo, which fetch it once");
        }
        return in;
    }
}
