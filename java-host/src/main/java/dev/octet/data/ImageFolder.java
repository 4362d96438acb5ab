package dev.octet.data;

import dev.octet.graph.ValueInfo;
import dev.octet.tensor.InputException;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * JPEG and PNG images, resized with {@link BilinearResizer} and preprocessed to f32 [1, 3, height, width]. Files that
 * are no whole images are found when opening and left out, unless they are too many.
 */
public final class ImageFolder implements Dataset {
    /** Files that may be unreadable, in percent. */
    private static final int MAX_SKIPPED_PERCENT = 5;

    /** Files looked at before asking whether too many are unreadable. */
    private static final int CHUNK = 4096;

    private final List<LabelTable.Entry> images = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private final ImageDecoder decoder = new ImageDecoder();
    private final ImageInput input;
    private final DataOptions options;

    private ImageFolder(ImageInput input, DataOptions options) {
        this.input = input;
        this.options = options;
    }

    /**
     * Looks at the selected images.
     *
     * @param inputs of the graph: one, f32 [N, 3, height, width]
     * @throws InputException if there are no images, or 5% or more of those selected are unreadable
     */
    static ImageFolder open(Path folder, List<LabelTable.Entry> entries, DataOptions options, List<ValueInfo> inputs) {
        ImageFolder images = new ImageFolder(ImageInput.of(inputs), options);
        int[] selected = options.select(entries.size());
        if (selected.length == 0) {
            throw new InputException(folder + " has no images");
        }
        for (int start = 0; start < selected.length; start += CHUNK) {
            int end = Math.min(selected.length, start + CHUNK);
            images.look(IntStream.range(start, end)
                    .mapToObj(i -> entries.get(selected[i]))
                    .toList());
            int unread = images.skipped.size();
            if (unread > 0 && unread * 100L >= (long) MAX_SKIPPED_PERCENT * selected.length) {
                throw new InputException(
                        unread + " of " + end + " images cannot be read, the first: " + images.skipped.get(0));
            }
        }
        return images;
    }

    private void look(List<LabelTable.Entry> entries) {
        List<Optional<String>> faults =
                entries.parallelStream().map(entry -> fault(entry.file())).toList();
        for (int i = 0; i < entries.size(); i++) {
            if (faults.get(i).isEmpty()) {
                images.add(entries.get(i));
            } else {
                skipped.add(faults.get(i).get());
            }
        }
    }

    private Optional<String> fault(Path file) {
        try {
            decoder.probe(file);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(file + ": " + Failures.reason(e));
        }
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public Sample sample(int index) {
        LabelTable.Entry image = images.get(index);
        try {
            Tensor tensor = input.tensor(decoder.decode(image.file()), options);
            OptionalLong label = image.label().isPresent()
                    ? OptionalLong.of(image.label().getAsLong() + options.labelOffset())
                    : OptionalLong.empty();
            return new Sample(image.file().getFileName().toString(), Map.of(input.name(), tensor), label);
        } catch (IOException e) {
            throw new InputException("cannot read " + image.file() + ": " + Failures.reason(e), e);
        }
    }

    @Override
    public String contentSha256() {
        FileDigest digest = new FileDigest();
        digest.text("images")
                .text(options.preprocess().label())
                .text(options.resize().label())
                .text(input.height() + "x" + input.width());
        images.forEach(image -> digest.file(image.file()));
        return digest.hex();
    }

    @Override
    public List<String> skipped() {
        return List.copyOf(skipped);
    }
}
