package dev.octet.calib;

import dev.octet.quant.QuantParams;
import dev.octet.quant.QuantRange;
import dev.octet.quant.QuantScheme;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.InputException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * TensorRT's calibration cache: a header such as {@code TRT-8501-EntropyCalibration2}, then {@code name: bits} for each
 * tensor, where the bits are those of the fp32 scale (amax / 127) in hexadecimal, most significant first. Source:
 * samples/sampleINT8/README.md of NVIDIA/TensorRT.
 *
 * <p>A line is split at its last ": ", so names may hold colons. A range read back has amax = 127 scale rounded to fp32:
 * its scale can differ from the file's in the last bit.
 */
final class TensorRtCache {
    /** TensorRT takes a cache only if its version and calibrator match the header. */
    static final String DEFAULT_HEADER = "TRT-8501-EntropyCalibration2";

    static final String PREFIX = "TRT-";

    private static final Pattern HEADER = Pattern.compile("TRT-\\d+-\\w+");
    private static final Pattern BITS = Pattern.compile("[0-9a-fA-F]{8}");
    private static final float STEPS = 127;

    private TensorRtCache() {}

    /** @throws ConfigException if a name cannot stand in a line of text */
    static String format(RangeTable table, String header) {
        if (!HEADER.matcher(header).matches()) {
            throw new ConfigException(
                    "\"" + header + "\" is not the header of a TensorRT calibration cache, such as " + DEFAULT_HEADER);
        }
        StringBuilder text = new StringBuilder(header).append('\n');
        table.entries().forEach((name, entry) -> {
            if (name.isEmpty() || name.chars().anyMatch(c -> c == '\n' || c == '\r')) {
                throw new ConfigException(
                        "the name \"" + name.replace("\n", "\\n").replace("\r", "\\r")
                                + "\" cannot stand in a TensorRT calibration cache");
            }
            QuantParams.PerTensor params = QuantScheme.SYMMETRIC_S8.fromRange(entry.range());
            String bits = HexFormat.of().toHexDigits(Float.floatToIntBits(params.scale()));
            text.append(name).append(": ").append(bits).append('\n');
        });
        return text.toString();
    }

    /**
     * Reads a cache; ranges are symmetric.
     *
     * @param source where the text comes from, for messages
     * @throws InputException if the text is not such a cache
     */
    static RangeTable parse(String text, String source) {
        String[] lines = text.split("\r?\n", -1);
        if (!HEADER.matcher(lines[0].strip()).matches()) {
            throw new InputException(
                    source + ": line 1 is not the header of a TensorRT calibration cache, such as " + DEFAULT_HEADER);
        }
        TreeMap<String, RangeTable.Entry> entries = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            if (!lines[i].isBlank()) {
                String place = source + ": line " + (i + 1);
                int split = lines[i].lastIndexOf(": ");
                if (split < 1) {
                    throw new InputException(place + " is not \"name: scale\"");
                }
                String name = lines[i].substring(0, split);
                QuantRange range = range(lines[i].substring(split + 2).strip(), place);
                RangeTable.Entry entry = new RangeTable.Entry(range, Optional.empty());
                if (entries.putIfAbsent(name, entry) != null) {
                    throw new InputException(place + " names \"" + name + "\" again");
                }
            }
        }
        return new RangeTable(entries, Optional.empty());
    }

    private static QuantRange range(String bits, String place) {
        if (!BITS.matcher(bits).matches()) {
            throw new InputException(place + ": \"" + bits + "\" is not the 8 hexadecimal digits of an fp32 scale");
        }
        float scale = Float.intBitsToFloat(HexFormat.fromHexDigits(bits));
        float amax = scale * STEPS;
        if (!(scale >= 0 && Float.isFinite(amax))) {
            throw new InputException(place + ": scale " + scale + " is not a finite number >= 0");
        }
        return new QuantRange(-amax, amax);
    }
}
