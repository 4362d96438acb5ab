package dev.octet.testing;

import ai.onnxruntime.OrtEnvironment;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes ONNX Runtime's environment, which every later call gets, on a thread with a large stack: it matches the process's
 * command line by a recursion that some thousand characters make too deep for a usual thread, and the process ends.
 */
public final class OrtStart implements BeforeAllCallback {
    private static final long STACK_BYTES = 64L << 20;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        FutureTask<OrtEnvironment> environment = new FutureTask<>(OrtEnvironment::getEnvironment);
        new Thread(null, environment, context.getDisplayName(), STACK_BYTES).start();
        environment.get();
    }
}
