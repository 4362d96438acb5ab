package dev.octet.runtime;

import dev.octet.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Another runtime of ONNX files to compare with, such as ONNX Runtime; no part of ours. Implementations come from other
 * jars and are found by {@link PeerRuntimes}.
 */
public interface PeerRuntime {
    /** The name on the command line, such as {@code ort}. */
    String name();

    /** The runtime's own name and version, for reports. */
    String version();

    /**
     * Loads a model.
     *
     * @param threads how many threads one run may use, at least 1
     * @throws dev.octet.graph.ModelException if the peer refuses the file
     */
    Peer open(Path model, int threads);

    /** A model loaded in another runtime. Safe for use from many threads if the runtime is. */
    interface Peer extends AutoCloseable {
        /** Names of the inputs that a run needs, in the model's order. */
        List<String> inputNames();

        /** Names of the outputs, in the model's order. */
        List<String> outputNames();

        /**
         * Runs once.
         *
         * @return every output by name, on the Java heap, in the model's order
         * @throws dev.octet.graph.ModelException if the peer rejects an input or fails
         */
        Map<String, Tensor> run(Map<String, Tensor> inputs);

        /**
         * Copies the inputs into the peer's own memory once, to run on them many times.
         *
         * @return to be closed before this
         * @throws dev.octet.graph.ModelException if the peer cannot take an input
         */
        Prepared prepare(Map<String, Tensor> inputs);

        @Override
        void close();
    }

    /** A model with inputs in place. For one thread. */
    interface Prepared extends AutoCloseable {
        /**
         * Runs once and drops the outputs.
         *
         * @throws dev.octet.graph.ModelException if the peer rejects an input or fails
         */
        void run();

        @Override
        void close();
    }
}
