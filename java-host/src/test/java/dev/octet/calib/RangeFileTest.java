package dev.octet.calib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.io.OutputException;
import dev.octet.quant.QuantParams;
import dev.octet.quant.QuantRange;
import dev.octet.quant.QuantScheme;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeFileTest {
    private static final long SEED = 3;
    private static final RangeTable.Provenance PROVENANCE =
            new RangeTable.Provenance("ab12", "cd34", 500, "percentile:99.99", "SIGN_AWARE", 8192, "1.0");

    @TempDir
    private Path folder = Path.of("");

    private static RangeTable table(Map<String, RangeTable.Entry> entries) {
        return new RangeTable(new TreeMap<>(entries), Optional.of(PROVENANCE));
    }

    private static RangeTable.Entry bare(float amin, float amax) {
        return new RangeTable.Entry(new QuantRange(amin, amax), Optional.empty());
    }

    private static RangeTable.Entry full() {
        RangeTable.Bins bins = new RangeTable.Bins(-2.5f, 2.5f, List.of(1L, 1L << 40, 0L));
        return new RangeTable.Entry(
                new QuantRange(-1.1f, 2),
                Optional.of(new RangeTable.Observation(
                        new QuantRange(-2.5f, 2.25f), 1L << 40, Optional.of(bins), List.of(0.5f, -1f))));
    }

    @Test
    void write_thenRead_givesTheSameTable() throws OutputException {
        RangeTable table = table(
                Map.of("conv/a:0", full(), "z \"quoted\" \u00e9\n", bare(-0.1f, 1e-30f), "", bare(0, Float.MAX_VALUE)));
        Path file = folder.resolve("ranges.json");

        RangeFile.write(file, table);

        assertThat(RangeFile.read(file)).isEqualTo(table);
    }

    @Test
    void write_equalTables_givesEqualBytesSortedByName() throws IOException {
        TreeMap<String, RangeTable.Entry> reversed = new TreeMap<>((a, b) -> b.compareTo(a));
        reversed.putAll(Map.of("a", bare(0, 1), "b", bare(0, 2), "c", full()));
        Path first = folder.resolve("first.json");
        Path second = folder.resolve("second.json");

        RangeFile.write(first, table(Map.of("c", full(), "a", bare(0, 1), "b", bare(0, 2))));
        RangeFile.write(second, table(reversed));

        assertThat(Files.readAllBytes(first)).isEqualTo(Files.readAllBytes(second));
        String text = Files.readString(first);
        assertThat(text).containsSubsequence("\"a\"", "\"b\"", "\"c\"").doesNotContain("\r");
        try (var left = Files.list(folder)) {
            assertThat(left).hasSize(2);
        }
    }

    @Test
    void write_randomFloats_readBackExactlyFromShortestDecimals() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        TreeMap<String, RangeTable.Entry> entries = new TreeMap<>();
        for (int i = 0; i < 2000; i++) {
            float amax = Float.intBitsToFloat(random.nextInt(0x7F800000));
            entries.put("t" + i, bare(-amax, amax));
        }
        entries.put("tenth", bare(0, 0.1f));
        Path file = folder.resolve("ranges.json");

        RangeFile.write(file, table(entries));

        assertThat(RangeFile.read(file).entries()).as("seed %d", SEED).isEqualTo(entries);
        assertThat(Files.readString(file)).contains("\"rangeMax\" : 0.1\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | not valid JSON",
                "[1] | not a JSON object",
                "{} | format is missing but must be \"octet-ranges\"",
                "{'format':'x'} | format is \"x\"",
                "{'format':'octet-ranges','version':2} | version is 2 but must be version 1",
                "{'format':'octet-ranges','version':1} | ranges is missing but must be an object",
                "{'format':'octet-ranges','version':1,'ranges':{'c1':{'rangeMin':0}}} | c1: rangeMax is missing",
                "{'format':'octet-ranges','version':1,'ranges':{'c1':{'rangeMin':0,'rangeMax':'1'}}} | must be a number",
                "{'format':'octet-ranges','version':1,'ranges':{'c1':{'rangeMin':2,'rangeMax':1}}} | c1: rangeMin 2.0",
                "{'format':'octet-ranges','version':1,'ranges':{'c1':{'rangeMin':0,'rangeMax':1e999}}} | must be a number that fits fp32",
                "{'format':'octet-ranges','version':1,'ranges':{'a':3}} | a is 3 but must be an object",
                "{'format':'octet-ranges','version':1,'ranges':{'a':1,'a':2}} | not valid JSON",
                "{'format':'octet-ranges','version':1,'ranges':{},'provenance':{}} | provenance: modelSha256 is missing",
                "{'format':'octet-ranges','version':1,'ranges':{}} x | not valid JSON",
            })
    void read_wrongJson_saysWhereAndWhat(String text, String message) throws IOException {
        Path file = folder.resolve("bad.json");
        Files.writeString(file, text.replace('\'', '"'));

        assertThatThrownBy(() -> RangeFile.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void read_absentOrBinaryFile_isRefused() throws IOException {
        Path binary = folder.resolve("binary");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThatThrownBy(() -> RangeFile.read(folder.resolve("none")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> RangeFile.read(binary))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> RangeFile.write(folder.resolve("no/such/folder.json"), table(Map.of())))
                .isInstanceOf(OutputException.class);
    }

    private static QuantRange only(RangeTable table) {
        assertThat(table.entries()).hasSize(1);
        return table.entries().firstEntry().getValue().range();
    }

    @ParameterizedTest
    @CsvSource({"3c008912,0.00784518", "3c88edfc,0.01671504", "3ddc858b,0.10767660", "4000889d,2.00833821"})
    void readCache_knownScales_givesTheirRange(String bits, double scale) {
        RangeTable table = TensorRtCache.parse("TRT-7000-EntropyCalibration2\ndata: " + bits + "\n", "cache");

        QuantRange range = only(table);
        // The printed scales have 8 digits behind the point.
        assertThat(range.amax() / 127.0).isCloseTo(scale, Offset.offset(5.1e-9 + scale * 1e-7));
        assertThat(range.amin()).isEqualTo(-range.amax());
        assertThat(table.provenance()).isEmpty();
    }

    @Test
    void readCache_firstKnownScale_hasAmax0996338() {
        RangeTable table = TensorRtCache.parse("TRT-7000-EntropyCalibration2\ndata: 3c008912", "cache");

        assertThat((double) only(table).amax()).isCloseTo(0.996338, Offset.offset(5e-7));
    }

    @Test
    void writeCache_namesWithColons_readBack() throws IOException {
        RangeTable table = table(Map.of("a:0", bare(-1, 2), "b: c: d", bare(0, 0.5f), "zero", bare(0, 0)));
        Path file = folder.resolve("calibration.cache");

        RangeFile.write(file, table);

        assertThat(Files.readString(file))
                .isEqualTo("TRT-8501-EntropyCalibration2\na:0: 3c810204\nb: c: d: 3b810204\nzero: 3f800000\n");
        RangeTable again = RangeFile.read(file);
        assertThat(again.entries().keySet()).isEqualTo(table.entries().keySet());
        assertThat(again.find("b: c: d").orElseThrow().range()).isEqualTo(new QuantRange(-0.5f, 0.5f));
    }

    @Test
    void writeCache_randomScales_differByAtMostTheLastBit() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 2000; i++) {
            float scale = (float) random.nextDouble(1e-6, 10);
            String text = "TRT-1-X\nx: " + String.format("%08x", Float.floatToIntBits(scale));
            QuantRange range = only(TensorRtCache.parse(text, "cache"));
            QuantParams.PerTensor params = QuantScheme.SYMMETRIC_S8.fromRange(range);

            assertThat(Math.abs(Float.floatToIntBits(params.scale()) - Float.floatToIntBits(scale)))
                    .as("seed %d, scale %s", SEED, scale)
                    .isLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRT-8501\nx: 3c008912",
                "TRT-8501-E\nx 3c008912",
                "TRT-8501-E\nx: 3c00891",
                "TRT-8501-E\nx: 3c00891g",
                "TRT-8501-E\nx: 7fc00000",
                "TRT-8501-E\nx: 7f800000",
                "TRT-8501-E\nx: bc008912",
                "TRT-8501-E\nx: 3c008912\nx: 3c008912",
                "TRT-8501-E\n: 3c008912"
            })
    void readCache_wrongLine_saysWhichOne(String text) {
        assertThatThrownBy(() -> TensorRtCache.parse(text, "the.cache"))
                .isInstanceOf(InputException.class)
                .hasMessageMatching("(?s)the\\.cache: line [123] .*|the\\.cache: line [123]: .*");
    }

    @Test
    void writeCache_nameWithLineFeed_isRefused() {
        assertThatThrownBy(() -> TensorRtCache.format(table(Map.of("a\nb", bare(0, 1))), TensorRtCache.DEFAULT_HEADER))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a\\nb");
    }
}
