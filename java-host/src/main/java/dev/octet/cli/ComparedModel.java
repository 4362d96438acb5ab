package dev.octet.cli;

import dev.octet.Model;
import dev.octet.graph.ValueInfo;
import dev.octet.runtime.OutputSink;
import dev.octet.runtime.PeerRuntime;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.Tensor;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One side of a comparison: a model that runs here, or in a peer. To be closed. */
sealed interface ComparedModel extends AutoCloseable {
    List<String> outputNames();

    /** Hands over every output of one run. */
    void run(Map<String, Tensor> inputs, OutputSink sink);

    /** The model, if it runs here. */
    Optional<Model> model();

    @Override
    void close();

    /** Runs in Octet. */
    record Own(Model loaded, Session session) implements ComparedModel {
        @Override
        public List<String> outputNames() {
            return loaded.outputs().stream().map(ValueInfo::name).toList();
        }

        @Override
        public void run(Map<String, Tensor> inputs, OutputSink sink) {
            session.run(inputs, sink);
        }

        @Override
        public Optional<Model> model() {
            return Optional.of(loaded);
        }

        @Override
        public void close() {
            session.close();
        }
    }

    /** Runs in another runtime. */
    record Foreign(PeerRuntime.Peer peer) implements ComparedModel {
        @Override
        public List<String> outputNames() {
            return peer.outputNames();
        }

        @Override
        public void run(Map<String, Tensor> inputs, OutputSink sink) {
            peer.run(inputs).forEach(sink::accept);
        }

        @Override
        public Optional<Model> model() {
            return Optional.empty();
        }

        @Override
        public void close() {
            peer.close();
        }
    }

    /**
     * Opens what an argument of a command names: a file, or {@code ort:} and a file.
     *
     * @throws ConfigException if the peer is not there
     */
    static ComparedModel open(Invocation invocation, int index, SessionOptions options) {
        String argument = invocation.argument(index);
        if (isForeign(argument)) {
            return new Foreign(Peers.named(Peers.ORT).open(path(argument), options.threads()));
        }
        Model model = RunOptions.load(invocation, path(argument));
        return new Own(model, RunOptions.open(invocation, model, options));
    }

    static boolean isForeign(String argument) {
        return argument.startsWith(Peers.ORT + ":");
    }

    /** The file that an argument names. */
    static Path path(String argument) {
        String file = isForeign(argument) ? argument.substring(Peers.ORT.length() + 1) : argument;
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw new ConfigException("\"" + file + "\" is not a path", e);
        }
    }
}
