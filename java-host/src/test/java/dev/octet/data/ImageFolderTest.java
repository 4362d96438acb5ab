package dev.octet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.octet.graph.ValueInfo;
import dev.octet.tensor.DType;
import dev.octet.tensor.InputException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
    private static final DataOptions RAW = DataOptions.defaults().withPreprocess(Preprocess.RAW);

    @TempDir
    Path folder;

    private static List<ValueInfo> input(int height, int width) {
        return List.of(SampleFiles.input("x", DType.F32, -1, 3, height, width));
    }

    private static Tensor pixels(Sample sample) {
        return Objects.requireNonNull(sample.inputs().get("x"));
    }

    @Test
    void sample_imageOfTheModelsSize_isChannelsFirst() throws IOException {
        SampleFiles.imageFolder(folder, 3);
        Dataset data = Datasets.open(folder, RAW.withLabelOffset(10), input(6, 8));

        Sample sample = data.sample(2);

        assertThat(data.size()).isEqualTo(3);
        assertThat(sample.name()).isEqualTo("i2.png");
        assertThat(sample.label()).isEqualTo(OptionalLong.of(12));
        Tensor pixels = pixels(sample);
        assertThat(pixels.shape()).isEqualTo(Shape.of(1, 3, 6, 8));
        assertThat(pixels.getFloat(5 * 8 + 7)).isEqualTo(7);
        assertThat(pixels.getFloat(48 + 5 * 8 + 7)).isEqualTo(5);
        assertThat(pixels.getFloat(96 + 5 * 8 + 7)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "TF, 200, 0.56862745, 0.56862745",
        "UNIT, 200, 0.78431373, 0.78431373",
        "RAW, 200, 200, 200",
        "TORCH, 200, 1.3070467, 1.6813943"
    })
    void preprocess_oneColour_followsItsFormula(Preprocess preprocess, int colour, float red, float blue) {
        assertThat(preprocess.apply(0, colour)).isCloseTo(red, offset(1e-6f));
        assertThat(preprocess.apply(2, colour)).isCloseTo(blue, offset(1e-6f));
        assertThat(preprocess.apply(1, 0)).isLessThanOrEqualTo(0);
    }

    @Test
    void resize_crop_takesTheCentreOfTheShortSideResized() throws IOException {
        SampleFiles.png(folder.resolve("a.png"), 32, 16, 9);
        Files.writeString(folder.resolve("labels.csv"), "file,label\na.png,1\n");

        Tensor pixels = pixels(Datasets.open(folder, RAW, input(14, 14)).sample(0));

        // Short side 16 = 14 / 0.875, so nothing is resampled: columns 9 to 22, rows 1 to 14.
        assertThat(pixels.getFloat(0)).isEqualTo(9);
        assertThat(pixels.getFloat(13)).isEqualTo(22);
        assertThat(pixels.getFloat(14 * 14)).isEqualTo(1);
        assertThat(pixels.getFloat(2 * 14 * 14 - 1)).isEqualTo(14);
    }

    @Test
    void resize_stretch_takesTheWholeImage() throws IOException {
        SampleFiles.png(folder.resolve("a.png"), 32, 16, 9);
        Files.writeString(folder.resolve("labels.csv"), "file,label\na.png,1\n");
        DataOptions stretch = RAW.withResize(ResizeRule.STRETCH);

        Tensor pixels = pixels(Datasets.open(folder, stretch, input(16, 16)).sample(0));

        assertThat(pixels.getFloat(0)).isEqualTo(1);
        assertThat(pixels.getFloat(15)).isEqualTo(30);
        assertThat(pixels.getFloat(16 * 16 + 16)).isEqualTo(1);
        assertThat(pixels.getFloat(3 * 16 * 16 - 1)).isEqualTo(9);
    }

    @Test
    void open_fewUnreadable_leavesThemOutAndSaysSo() throws IOException {
        SampleFiles.imageFolder(folder, 60);
        Path cut = folder.resolve("i7.png");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 40));
        Files.delete(folder.resolve("i9.png"));

        Dataset data = Datasets.open(folder, RAW, input(6, 8));

        assertThat(data.size()).isEqualTo(58);
        assertThat(data.skipped()).hasSize(2);
        assertThat(data.skipped().get(0)).contains("i7.png").contains("cut short");
        assertThat(data.skipped().get(1)).contains("i9.png").contains("does not exist");
        assertThat(data.sample(7).label()).isEqualTo(OptionalLong.of(8));
    }

    @Test
    void open_manyUnreadable_isRefused() throws IOException {
        SampleFiles.imageFolder(folder, 20);
        Files.writeString(folder.resolve("i3.png"), "not an image");

        assertThatThrownBy(() -> Datasets.open(folder, RAW, input(6, 8)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 of 20")
                .hasMessageContaining("i3.png");
    }

    @Test
    void sample_damagedAfterOpening_namesTheFile() throws IOException {
        SampleFiles.imageFolder(folder, 1);
        Dataset data = Datasets.open(folder, RAW, input(6, 8));
        Path file = folder.resolve("i0.png");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 40, bytes.length - 16, (byte) 0x55);
        Files.write(file, bytes);

        assertThatThrownBy(() -> data.sample(0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("i0.png");
    }

    @Test
    void open_hugePixelCount_isNotDecoded() throws IOException {
        SampleFiles.imageFolder(folder, 1);
        Path file = folder.resolve("i0.png");
        byte[] bytes = Files.readAllBytes(file);
        bytes[16] = bytes[20] = 0x00;
        bytes[17] = bytes[21] = 0x7F;
        Files.write(file, bytes);

        assertThatThrownBy(() -> Datasets.open(folder, RAW, input(6, 8)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("pixels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "name,class\na.png,1\n",
                "file,label\na.png\n",
                "file,label\na.png,one\n",
                "file,label\n../a.png,1\n",
                "file,label\n/a.png,1\n",
                "file,label\n"
            })
    void open_wrongTable_isRefused(String table) throws IOException {
        SampleFiles.png(folder.resolve("a.png"), 8, 6, 0);
        Files.writeString(folder.resolve("labels.csv"), table);

        assertThatThrownBy(() -> Datasets.open(folder, RAW, input(6, 8))).isInstanceOf(InputException.class);
    }

    @Test
    void open_modelWithoutImageInput_isRefused() throws IOException {
        SampleFiles.imageFolder(folder, 1);
        ValueInfo flat = SampleFiles.input("x", DType.F32, -1, 10);
        ValueInfo free = SampleFiles.input("x", DType.F32, -1, 3, -1, -1);
        ValueInfo bytes = SampleFiles.input("x", DType.U8, -1, 3, 6, 8);
        ValueInfo good = SampleFiles.input("x", DType.F32, -1, 3, 6, 8);

        for (List<ValueInfo> inputs : List.of(List.of(flat), List.of(free), List.of(bytes), List.of(good, good))) {
            assertThatThrownBy(() -> Datasets.open(folder, RAW, inputs)).isInstanceOf(InputException.class);
        }
    }

    @Test
    void sample_imageOfOneLine_isCroppedFromItsCentre() throws IOException {
        SampleFiles.png(folder.resolve("a.png"), 20_000, 1, 9);
        Files.writeString(folder.resolve("labels.csv"), "file,label\na.png,1\n");

        Tensor pixels = pixels(Datasets.open(folder, RAW, input(224, 224)).sample(0));

        assertThat(pixels.shape()).isEqualTo(Shape.of(1, 3, 224, 224));
    }

    @Test
    void holding_moreThanHalfOfTheHeap_isRefused() {
        DecodingMemory memory = new DecodingMemory();

        assertThatThrownBy(() -> memory.holding(Runtime.getRuntime().maxMemory(), () -> 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("half of the Java heap's limit");
    }
}
