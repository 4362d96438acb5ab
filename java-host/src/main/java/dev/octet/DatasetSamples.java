package dev.octet;

import dev.octet.calib.SampleSource;
import dev.octet.data.Dataset;
import dev.octet.tensor.Tensor;
import java.util.Map;

/** The first samples of a dataset, as calibration takes them. */
public record DatasetSamples(Dataset dataset, int count) implements SampleSource {
    @Override
    public Map<String, Tensor> inputs(int index) {
        return dataset.sample(index).inputs();
    }
}
