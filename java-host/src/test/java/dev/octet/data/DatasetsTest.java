package dev.octet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.ValueInfo;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.DType;
import dev.octet.tensor.InputException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.Naive;
import dev.octet.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
    private static final DataOptions OPTIONS = DataOptions.defaults();
    private static final List<ValueInfo> PAIR = List.of(SampleFiles.input("x", DType.F32, -1, 2));

    @TempDir
    Path folder;

    private static Tensor x(Sample sample) {
        return Objects.requireNonNull(sample.inputs().get("x"));
    }

    private static List<String> names(Dataset data) {
        return IntStream.range(0, data.size())
                .mapToObj(i -> data.sample(i).name())
                .toList();
    }

    private void numpy(int rows) throws IOException {
        NpyFile.write(folder.resolve("inputs.npy"), Naive.counting(DType.F32, Shape.of(rows, 2)));
        NpyFile.write(folder.resolve("labels.npy"), Naive.counting(DType.S32, Shape.of(rows)));
    }

    @Test
    void open_numpyFolder_givesRowsAndLabels() throws IOException {
        numpy(5);

        Dataset data = Datasets.open(folder, OPTIONS.withLabelOffset(-1), PAIR);

        assertThat(data.size()).isEqualTo(5);
        assertThat(x(data.sample(3)).shape()).isEqualTo(Shape.of(1, 2));
        assertThat(x(data.sample(3)).toFloats()).containsExactly(6, 7);
        assertThat(data.sample(3).label()).isEqualTo(OptionalLong.of(2));
        assertThat(Datasets.open(folder.resolve("inputs.npy"), OPTIONS, PAIR)
                        .sample(0)
                        .label())
                .isEmpty();
    }

    @Test
    void open_numpyThatDoesNotFit_isRefused() throws IOException {
        numpy(5);
        List<ValueInfo> three = List.of(SampleFiles.input("x", DType.F32, -1, 3));
        List<ValueInfo> bytes = List.of(SampleFiles.input("x", DType.U8, -1, 2));

        assertThatThrownBy(() -> Datasets.open(folder, OPTIONS, three))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("f32[1,2]")
                .hasMessageContaining("inputs.npy");
        assertThatThrownBy(() -> Datasets.open(folder, OPTIONS, bytes)).isInstanceOf(InputException.class);
        NpyFile.write(folder.resolve("labels.npy"), Naive.counting(DType.S32, Shape.of(4)));
        assertThatThrownBy(() -> Datasets.open(folder, OPTIONS, PAIR))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("labels.npy");
    }

    @Test
    void open_numberedNpz_ordersByNumberAndFindsInputs() throws IOException {
        List<ValueInfo> inputs =
                List.of(SampleFiles.input("x", DType.F32, -1, 2), SampleFiles.input("y", DType.S64, 1));
        for (int i : new int[] {10, 2, 1}) {
            NpzFile.write(
                    folder.resolve("set_" + i + ".npz"),
                    Map.of(
                            "x", Tensor.ofFloats(Shape.of(1, 2), i, i),
                            "input_1", Tensor.vector(i),
                            "label", Tensor.ofInts(Shape.SCALAR, i)));
        }

        Dataset data = Datasets.open(folder, OPTIONS.withLabelOffset(1), inputs);

        assertThat(names(data)).containsExactly("set_1.npz", "set_2.npz", "set_10.npz");
        assertThat(data.sample(2).label()).isEqualTo(OptionalLong.of(11));
        assertThat(x(data.sample(2)).getFloat(0)).isEqualTo(10);
        NpzFile.write(folder.resolve("set_2.npz"), Map.of("z", Tensor.vector(1)));
        assertThatThrownBy(() -> data.sample(1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("set_2.npz")
                .hasMessageContaining("z");
    }

    @Test
    void open_tensorProtoFolders_readsInputs() throws IOException {
        SampleFiles.tensorProto(folder.resolve("test_data_set_0/input_0.pb"), 1, 2);
        SampleFiles.tensorProto(folder.resolve("test_data_set_11/input_0.pb"), 5, 6);
        SampleFiles.tensorProto(folder.resolve("test_data_set_2/input_0.pb"), 3, 4);

        Dataset data = Datasets.open(folder, OPTIONS, PAIR);

        assertThat(names(data)).containsExactly("test_data_set_0", "test_data_set_2", "test_data_set_11");
        assertThat(x(data.sample(2)).toFloats()).containsExactly(5, 6);
        Files.write(folder.resolve("test_data_set_2/input_0.pb"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> data.sample(1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("test_data_set_2");
    }

    @Test
    void open_nothingOfTheKind_isRefused() throws IOException {
        assertThatThrownBy(() -> Datasets.open(folder, OPTIONS, PAIR)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Datasets.open(folder.resolve("none"), OPTIONS, PAIR))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not exist");
        Path text = Files.writeString(folder.resolve("x.txt"), "x");
        assertThatThrownBy(() -> Datasets.open(text, OPTIONS, PAIR)).isInstanceOf(InputException.class);
    }

    @Test
    void limit_withAndWithoutSeed_selects() throws IOException {
        numpy(50);

        List<String> first = names(Datasets.open(folder, OPTIONS.withLimit(7), PAIR));
        List<String> random = names(Datasets.open(folder, OPTIONS.withLimit(7).withSeed(3), PAIR));
        List<String> again = names(Datasets.open(folder, OPTIONS.withLimit(7).withSeed(3), PAIR));
        List<String> other = names(Datasets.open(folder, OPTIONS.withLimit(7).withSeed(4), PAIR));

        assertThat(first).hasSize(7).startsWith("inputs.npy[0]").endsWith("inputs.npy[6]");
        assertThat(random)
                .isEqualTo(again)
                .isNotEqualTo(first)
                .isNotEqualTo(other)
                .doesNotHaveDuplicates();
        assertThat(names(Datasets.open(folder, OPTIONS.withLimit(99).withSeed(4), PAIR)))
                .hasSize(50);
        assertThatThrownBy(() -> OPTIONS.withLimit(0)).isInstanceOf(ConfigException.class);
    }

    @Test
    void batches_anySize_joinAllSamplesInOrder() throws IOException {
        numpy(50);
        Dataset data = Datasets.open(folder, OPTIONS, PAIR);

        List<Batch> batches = new ArrayList<>();
        data.batches(7).forEach(batches::add);

        assertThat(batches).hasSize(8);
        assertThat(batches.get(7).size()).isEqualTo(1);
        Tensor joined = Objects.requireNonNull(batches.get(3).inputs().get("x"));
        assertThat(joined.shape()).isEqualTo(Shape.of(7, 2));
        assertThat(joined.getFloat(0)).isEqualTo(42);
        assertThat(batches.get(3).labels()).startsWith(OptionalLong.of(21)).hasSize(7);
        assertThatThrownBy(() -> data.batches(0).iterator()).isInstanceOf(ConfigException.class);
    }

    @Test
    void batches_badSample_failsWithItsMessage() throws IOException {
        numpy(50);
        Dataset data = Datasets.open(folder, OPTIONS, PAIR);
        Files.delete(folder.resolve("inputs.npy"));

        assertThatThrownBy(() -> data.batches(2).iterator().next())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("inputs.npy");
    }

    @Test
    void batches_unlikeShapes_areNotJoined() {
        Sample a = new Sample("a", Map.of("x", Tensor.allocate(DType.F32, Shape.of(1, 2))), OptionalLong.empty());
        Sample b = new Sample("b", Map.of("x", Tensor.allocate(DType.F32, Shape.of(1, 3))), OptionalLong.empty());

        assertThatThrownBy(() -> Batches.join(List.of(a, b)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("batch size 1");
    }

    @Test
    void contentSha256_dataAndOptions_decideIt() throws IOException {
        SampleFiles.imageFolder(folder, 4);
        List<ValueInfo> image = List.of(SampleFiles.input("x", DType.F32, -1, 3, 6, 8));
        String hash = Datasets.open(folder, OPTIONS, image).contentSha256();

        assertThat(hash).matches("[0-9a-f]{64}");
        assertThat(Datasets.open(folder, OPTIONS, image).contentSha256()).isEqualTo(hash);
        assertThat(Datasets.open(folder, OPTIONS.withLimit(3), image).contentSha256())
                .isNotEqualTo(hash);
        assertThat(Datasets.open(folder, OPTIONS.withPreprocess(Preprocess.TF), image)
                        .contentSha256())
                .isNotEqualTo(hash);
        SampleFiles.png(folder.resolve("i2.png"), 8, 6, 99);
        assertThat(Datasets.open(folder, OPTIONS, image).contentSha256()).isNotEqualTo(hash);
    }

    @Test
    void open_sharedImages_areAllReadable() {
        Path images = SharedData.data().resolve("images/cifar10-validation");
        List<ValueInfo> input = List.of(SampleFiles.input("x", DType.F32, -1, 3, 32, 32));

        Dataset data = Datasets.open(images, OPTIONS.withLimit(200).withSeed(1), input);

        assertThat(data.skipped()).isEmpty();
        int count = 0;
        for (Batch batch : data.batches(64)) {
            count += batch.size();
            assertThat(batch.labels()).allMatch(label -> label.getAsLong() >= 0 && label.getAsLong() < 10);
        }
        assertThat(count).isEqualTo(200);
    }
}
