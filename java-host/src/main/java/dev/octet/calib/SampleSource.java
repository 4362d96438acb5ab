package dev.octet.calib;

import dev.octet.tensor.Tensor;
import java.util.Map;

/** Calibration samples by index, each asked for twice. */
public interface SampleSource {
    int count();

    /** The inputs of one run of the graph by name: the same values every time an index is asked for. */
    Map<String, Tensor> inputs(int index);
}
