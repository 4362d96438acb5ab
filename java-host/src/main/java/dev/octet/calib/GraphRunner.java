package dev.octet.calib;

import dev.octet.runtime.OutputSink;
import dev.octet.tensor.Tensor;
import java.util.Map;

/** Runs the float graph whose outputs are the values to calibrate, such as {@code session::run}. */
@FunctionalInterface
public interface GraphRunner {
    /**
     * Runs once.
     *
     * @param inputs one tensor for each graph input
     * @param sink takes each value to calibrate; the tensors are readable during the call only
     */
    void run(Map<String, Tensor> inputs, OutputSink sink);
}
