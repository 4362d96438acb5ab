package dev.octet.testing;

import java.lang.reflect.Method;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs test methods on a thread with a large stack: ONNX Runtime loads a model by a recursion that a usual Java thread's
 * stack may be too short for, and the process ends.
 */
public final class DeepStack implements InvocationInterceptor {
    private static final long STACK_BYTES = 16L << 20;

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        FutureTask<Void> test = new FutureTask<>(() -> {
            try {
                return invocation.proceed();
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        });
        new Thread(null, test, context.getDisplayName(), STACK_BYTES).start();
        try {
            test.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
