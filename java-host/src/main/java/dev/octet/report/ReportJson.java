package dev.octet.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.OptionalDouble;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reports as JSON. Fields stand in the records' order; an absent value is left out; infinity is the number
 * {@code 1e999}, which parsers read as infinity, because JSON has no other number for it; NaN is {@code null}.
 */
public final class ReportJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .addModule(new SimpleModule("octet")
                    .addSerializer(double.class, new DoubleSerializer())
                    .addSerializer(Double.class, new DoubleSerializer())
                    .addSerializer(OptionalDouble.class, new OptionalDoubleSerializer()))
            .build();

    private ReportJson() {}

    /** The report's JSON, indented, one line feed at its end. */
    public static String write(RunReport report) {
        return MAPPER.writeValueAsString(report) + "\n";
    }

    /** Reads back what {@link #write} wrote; fields it does not know are skipped. */
    public static <T extends RunReport> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    private static void writeNumber(double value, JsonGenerator generator) {
        if (Double.isNaN(value)) {
            generator.writeNull();
        } else if (Double.isInfinite(value)) {
            generator.writeNumber(value > 0 ? "1e999" : "-1e999");
        } else {
            generator.writeNumber(value);
        }
    }

    private static final class DoubleSerializer extends ValueSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator generator, SerializationContext context) {
            writeNumber(value, generator);
        }
    }

    private static final class OptionalDoubleSerializer extends ValueSerializer<OptionalDouble> {
        @Override
        public void serialize(OptionalDouble value, JsonGenerator generator, SerializationContext context) {
            writeNumber(value.orElse(Double.NaN), generator);
        }

        @Override
        public boolean isEmpty(SerializationContext context, OptionalDouble value) {
            return value.isEmpty();
        }
    }
}
