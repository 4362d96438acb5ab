package dev.octet.data;

import dev.octet.graph.ValueInfo;
import dev.octet.tensor.DType;
import dev.octet.tensor.InputException;
import dev.octet.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The rows of {@code inputs.npy} for a model with one input, and {@code labels.npy} beside it if there is one. */
public final class NumpyDataset implements Dataset {
    private final Path inputsPath;
    private final NpyFile inputs;
    private final ValueInfo input;
    private final Optional<Path> labelsPath;
    private final long[] labels;
    private final int[] selected;

    private NumpyDataset(Path inputsPath, ValueInfo input, Optional<Path> labelsPath, DataOptions options) {
        this.inputsPath = inputsPath;
        this.inputs = NpyFile.open(inputsPath);
        this.input = input;
        this.labelsPath = labelsPath;
        Shape shape = inputs.header().shape();
        if (shape.rank() == 0 || shape.elementCount() == 0 || shape.dim(0) > Integer.MAX_VALUE) {
            throw new InputException(
                    inputsPath + " holds " + inputs.header().dtype().label() + shape + ", no samples");
        }
        long[] row = shape.dims();
        row[0] = 1;
        InputCheck.requireFits(inputsPath + " row", inputs.header().dtype(), Shape.of(row), input);
        this.selected = options.select((int) shape.dim(0));
        this.labels = labelsPath.isPresent() ? labels(labelsPath.get(), options) : new long[0];
    }

    /**
     * Opens the arrays.
     *
     * @throws InputException naming the file that does not fit the model or the other file
     */
    static NumpyDataset open(
            Path inputsPath, Optional<Path> labelsPath, DataOptions options, List<ValueInfo> graphInputs) {
        if (graphInputs.size() != 1) {
            throw new InputException(inputsPath + " fits models with one input; this one has " + graphInputs.size()
                    + ": use numbered .npz files");
        }
        return new NumpyDataset(inputsPath, graphInputs.get(0), labelsPath, options);
    }

    private long[] labels(Path path, DataOptions options) {
        NpyHeader header = NpyFile.open(path).header();
        long rows = inputs.header().shape().dim(0);
        if (header.shape().elementCount() != rows || !(header.dtype().isInteger() || header.dtype() == DType.BOOL)) {
            throw new InputException(path + " holds " + header.dtype().label() + header.shape() + ", expected " + rows
                    + " whole numbers, one a row of " + inputsPath.getFileName());
        }
        long[] values = NpyFile.read(path).toLongs();
        for (int i = 0; i < values.length; i++) {
            values[i] += options.labelOffset();
        }
        return values;
    }

    @Override
    public int size() {
        return selected.length;
    }

    @Override
    public Sample sample(int index) {
        int row = selected[index];
        OptionalLong label = labelsPath.isPresent() ? OptionalLong.of(labels[row]) : OptionalLong.empty();
        return new Sample(inputsPath.getFileName() + "[" + row + "]", Map.of(input.name(), inputs.row(row)), label);
    }

    @Override
    public String contentSha256() {
        FileDigest digest = new FileDigest().text("npy");
        for (int row : selected) {
            digest.text(Integer.toString(row));
        }
        return digest.file(inputsPath).hex();
    }
}
