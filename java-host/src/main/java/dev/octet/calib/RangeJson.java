package dev.octet.calib;

import dev.octet.calib.RangeTable.Bins;
import dev.octet.calib.RangeTable.Entry;
import dev.octet.calib.RangeTable.Observation;
import dev.octet.calib.RangeTable.Provenance;
import dev.octet.quant.QuantRange;
import dev.octet.tensor.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@link RangeTable} as JSON. The text depends on the table only: names are sorted, floats are the shortest decimals
 * that read back as the same float, lines end in a line feed.
 */
final class RangeJson {
    private static final String FORMAT = "octet-ranges";
    private static final int VERSION = 1;

    // Floats are read as decimals, because a double in between could round twice.
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RangeJson() {}

    static String format(RangeTable table) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", FORMAT);
        root.put("version", VERSION);
        table.provenance().ifPresent(p -> writeProvenance(root.putObject("provenance"), p));
        ObjectNode ranges = root.putObject("ranges");
        table.entries().forEach((name, entry) -> writeEntry(ranges.putObject(name), entry));
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        return MAPPER.writer().with(printer).writeValueAsString(root) + "\n";
    }

    private static void writeProvenance(ObjectNode node, Provenance p) {
        node.put("bins", p.bins());
        node.put("dataSha256", p.dataSha256());
        node.put("method", p.method());
        node.put("modelSha256", p.modelSha256());
        node.put("octetVersion", p.octetVersion());
        node.put("samples", p.samples());
        node.put("scheme", p.scheme());
    }

    private static void writeEntry(ObjectNode node, Entry entry) {
        node.put("rangeMin", entry.range().amin());
        node.put("rangeMax", entry.range().amax());
        entry.observed().ifPresent(observed -> {
            node.put("amin", observed.range().amin());
            node.put("amax", observed.range().amax());
            node.put("count", observed.count());
            observed.histogram().ifPresent(bins -> {
                ObjectNode histogram = node.putObject("histogram");
                histogram.put("amin", bins.amin());
                histogram.put("amax", bins.amax());
                ArrayNode counts = histogram.putArray("counts");
                bins.counts().forEach(counts::add);
            });
            if (!observed.channelMeans().isEmpty()) {
                ArrayNode means = node.putArray("channelMeans");
                observed.channelMeans().forEach(means::add);
            }
        });
    }

    /**
     * Reads a table.
     *
     * @param source where the text comes from, for messages
     * @throws InputException if the text is not such a table
     */
    static RangeTable parse(String text, String source) {
        Field root = new Field(read(text, source), source);
        Field format = root.get("format");
        if (!(format.node.isString() && format.text().equals(FORMAT))) {
            throw format.wrong("\"" + FORMAT + "\"");
        }
        if (root.get("version").integer() != VERSION) {
            throw root.get("version").wrong("version " + VERSION + ", which is what this Octet reads");
        }
        Optional<Provenance> provenance = root.find("provenance").map(RangeJson::readProvenance);
        TreeMap<String, Entry> entries = new TreeMap<>();
        Field ranges = root.get("ranges").object();
        ranges.node.forEachEntry((name, _) -> entries.put(name, readEntry(ranges.get(name))));
        return new RangeTable(entries, provenance);
    }

    private static JsonNode read(String text, String source) {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (root.isObject()) {
                return root;
            }
        } catch (JacksonException e) {
            throw new InputException(source + ": not valid JSON: " + e.getOriginalMessage(), e);
        } catch (NumberFormatException e) { // of a decimal whose exponent has more digits than Jackson takes
            throw new InputException(source + ": not a range table: " + e.getMessage(), e);
        }
        throw new InputException(source + ": not a range table: the text is not a JSON object");
    }

    private static Provenance readProvenance(Field node) {
        return new Provenance(
                node.get("modelSha256").text(),
                node.get("dataSha256").text(),
                Math.toIntExact(Math.min(node.get("samples").integer(), Integer.MAX_VALUE)),
                node.get("method").text(),
                node.get("scheme").text(),
                Math.toIntExact(Math.min(node.get("bins").integer(), Integer.MAX_VALUE)),
                node.get("octetVersion").text());
    }

    private static Entry readEntry(Field node) {
        QuantRange range = node.range("rangeMin", "rangeMax");
        if (node.find("count").isEmpty()) {
            return new Entry(range, Optional.empty());
        }
        Optional<Bins> bins = node.find("histogram").map(RangeJson::readBins);
        return new Entry(
                range,
                Optional.of(new Observation(
                        node.range("amin", "amax"),
                        node.get("count").integer(),
                        bins,
                        node.find("channelMeans").map(Field::numbers).orElse(List.of()))));
    }

    private static Bins readBins(Field node) {
        QuantRange edges = node.range("amin", "amax");
        return new Bins(edges.amin(), edges.amax(), node.get("counts").integers());
    }

    /** A place in the text, which names itself when it is wrong. */
    private record Field(JsonNode node, String path) {
        Field get(String name) {
            return new Field(object().node.path(name), path + ": " + name);
        }

        Optional<Field> find(String name) {
            return object().node.has(name) ? Optional.of(get(name)) : Optional.empty();
        }

        Field object() {
            if (!node.isObject()) {
                throw wrong("an object");
            }
            return this;
        }

        String text() {
            if (!node.isString()) {
                throw wrong("a string");
            }
            return node.asString();
        }

        /** A whole number that is not negative. */
        long integer() {
            if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 0) {
                throw wrong("a whole number >= 0");
            }
            return node.asLong();
        }

        float number() {
            if (!node.isNumber()) {
                throw wrong("a number");
            }
            float value = Float.parseFloat(node.asString());
            if (!Float.isFinite(value)) {
                throw wrong("a number that fits fp32");
            }
            return value;
        }

        List<Long> integers() {
            if (!node.isArray()) {
                throw wrong("an array");
            }
            List<Long> values = new ArrayList<>();
            for (int i = 0; i < node.size(); i++) {
                values.add(new Field(node.path(i), path + "[" + i + "]").integer());
            }
            return values;
        }

        List<Float> numbers() {
            if (!node.isArray()) {
                throw wrong("an array");
            }
            List<Float> values = new ArrayList<>();
            for (int i = 0; i < node.size(); i++) {
                values.add(new Field(node.path(i), path + "[" + i + "]").number());
            }
            return values;
        }

        QuantRange range(String low, String high) {
            float amin = get(low).number();
            float amax = get(high).number();
            if (!(Float.isFinite(amin) && Float.isFinite(amax) && amin <= amax)) {
                throw new InputException(path + ": " + low + " " + amin + " and " + high + " " + amax
                        + " are not a finite, ordered range");
            }
            return new QuantRange(amin, amax);
        }

        InputException wrong(String wanted) {
            String found = node.isMissingNode() ? "is missing" : "is " + abbreviated(node.toString());
            return new InputException(path + " " + found + " but must be " + wanted);
        }

        private static String abbreviated(String text) {
            return text.length() <= 60 ? text : text.substring(0, 60) + "...";
        }
    }
}
