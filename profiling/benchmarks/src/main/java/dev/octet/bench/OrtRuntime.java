package dev.octet.bench;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.runtime.PeerRuntime;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** ONNX Runtime on the CPU with its default graph optimizations. */
public final class OrtRuntime implements PeerRuntime {
    /**
     * ONNX Runtime matches the process's command line by a recursion that some thousand characters make too deep for a
     * usual thread, and the process ends.
     */
    private static final long STACK_BYTES = 64L << 20;

    private static final FutureTask<OrtEnvironment> START =
            new FutureTask<>(() -> OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR));

    @Override
    public String name() {
        return "ort";
    }

    @Override
    public String version() {
        return "ONNX Runtime " + environment().getVersion();
    }

    @Override
    public Peer open(Path model, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("thread count " + threads + " is not positive");
        }
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            OrtEnvironment environment = environment();
            return new OrtPeer(environment, environment.createSession(model.toString(), options));
        } catch (OrtException e) {
            throw new ModelException(
                    ModelException.Kind.INVALID,
                    "ONNX Runtime cannot open " + model + ": " + Names.escape(String.valueOf(e.getMessage())),
                    e);
        }
    }

    /** The process-wide environment, which ONNX Runtime itself keeps and closes at exit. */
    private static OrtEnvironment environment() {
        if (!START.isDone()) {
            new Thread(null, START, "onnxruntime", STACK_BYTES).start(); // runs once, whoever asks
        }
        try {
            return START.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("ONNX Runtime does not start", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ONNX Runtime starts", e);
        }
    }
}
