package dev.octet.data;

import dev.octet.graph.ValueInfo;
import dev.octet.tensor.InputException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds out what kind of data a path holds. */
public final class Datasets {
    private static final Pattern LAST_NUMBER = Pattern.compile("(\\d+)\\D*$");
    private static final Pattern IMAGE = Pattern.compile(".*\\.(jpe?g|png)");

    private Datasets() {}

    /**
     * Opens the data at a path: a folder with {@code labels.csv} of {@code file,label}, or {@code inputs.npy} (and
     * {@code labels.npy}), or numbered {@code .npz} files, or numbered folders with {@code input_0.pb} and so on, or
     * images without labels; or a single {@code .npy} or {@code .npz} file.
     *
     * @param inputs of the graph that is to be fed
     * @throws InputException if there is nothing of the kind or it does not fit the inputs
     */
    public static Dataset open(Path path, DataOptions options, List<ValueInfo> inputs) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        if (Files.isRegularFile(path) && name.endsWith(".npy")) {
            return NumpyDataset.open(path, Optional.empty(), options, inputs);
        }
        if (Files.isRegularFile(path) && name.endsWith(".npz")) {
            return new NpzDataset(List.of(path), options, inputs);
        }
        if (!Files.isDirectory(path)) {
            throw new InputException(
                    path + (Files.exists(path) ? " is no folder and no .npy or .npz file" : " does not exist"));
        }
        return openFolder(path, options, inputs);
    }

    private static Dataset openFolder(Path folder, DataOptions options, List<ValueInfo> inputs) {
        Path table = folder.resolve(LabelTable.FILE_NAME);
        if (Files.exists(table)) {
            return ImageFolder.open(folder, LabelTable.read(table), options, inputs);
        }
        Path arrays = folder.resolve("inputs.npy");
        if (Files.exists(arrays)) {
            Optional<Path> labels = Optional.of(folder.resolve("labels.npy")).filter(Files::exists);
            return NumpyDataset.open(arrays, labels, options, inputs);
        }
        List<Path> npz = numbered(folder, file -> lowerName(file).endsWith(".npz"));
        if (!npz.isEmpty()) {
            return new NpzDataset(select(npz, options), options, inputs);
        }
        List<Path> sets = numbered(folder, set -> Files.isRegularFile(set.resolve("input_0.pb")));
        if (!sets.isEmpty()) {
            return new TensorProtoDataset(select(sets, options), inputs);
        }
        List<Path> images = list(folder, file -> IMAGE.matcher(lowerName(file)).matches());
        if (!images.isEmpty()) {
            List<LabelTable.Entry> entries = images.stream()
                    .map(image ->
                            new LabelTable.Entry(folder, image.getFileName().toString(), OptionalLong.empty()))
                    .toList();
            return ImageFolder.open(folder, entries, options, inputs);
        }
        throw new InputException(folder + " holds no data: expected labels.csv with images, inputs.npy, numbered .npz"
                + " files, numbered folders with input_0.pb, or images");
    }

    private static List<Path> select(List<Path> files, DataOptions options) {
        return IntStream.of(options.select(files.size())).mapToObj(files::get).toList();
    }

    /** The matching entries whose names hold a number, by that number. */
    private static List<Path> numbered(Path folder, Predicate<Path> wanted) {
        return list(folder, file -> LAST_NUMBER.matcher(lowerName(file)).find() && wanted.test(file)).stream()
                .sorted(Comparator.comparing(file -> number(lowerName(file))))
                .toList();
    }

    private static BigInteger number(String name) {
        Matcher matcher = LAST_NUMBER.matcher(name);
        return matcher.find() ? new BigInteger(matcher.group(1)) : BigInteger.ZERO;
    }

    /** The matching entries by name. */
    private static List<Path> list(Path folder, Predicate<Path> wanted) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(wanted).sorted().toList();
        } catch (IOException e) {
            throw new InputException("cannot list " + folder + ": " + Failures.reason(e), e);
        }
    }

    private static String lowerName(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT);
    }
}
