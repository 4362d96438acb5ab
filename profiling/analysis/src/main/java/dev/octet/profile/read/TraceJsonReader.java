package dev.octet.profile.read;

import dev.octet.profile.Profile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads traces in Chrome's format: PyTorch's (Kineto), whose kernels carry the number of the operator that launched them,
 * ONNX Runtime's, whose nodes carry their operator, and Octet's own, whose steps carry their node. Where ONNX Runtime
 * lists GPU kernels, they stand for the nodes.
 */
final class TraceJsonReader {
    private static final String NODE_SUFFIX = "_kernel_time";
    private static final int MAX_OPERATORS = 4 << 20;
    private static final double MAX_MICROS = 4e15;

    private final Path file;
    private final KernelTotals kernels;
    private final KernelTotals nodes;
    private final Map<String, String> operators = new HashMap<>();
    private boolean traceSeen;
    private Profile.Source source = Profile.Source.CHROME_TRACE;

    TraceJsonReader(Path file) {
        this.file = file;
        this.kernels = new KernelTotals(file);
        this.nodes = new KernelTotals(file);
    }

    Profile read() throws IOException {
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                JsonParser parser = JsonFactory.builder().build().createParser(ObjectReadContext.empty(), stream)) {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                readEvents(parser);
            } else {
                readTopLevel(parser);
            }
        } catch (JacksonException e) {
            throw new ProfileException(file, "is truncated or no JSON (" + e.getOriginalMessage() + ")", e);
        }
        if (!traceSeen) {
            throw new ProfileException(file, "is JSON, but holds no events of a Chrome trace");
        }
        KernelTotals used = kernels.isEmpty() ? nodes : kernels;
        return new Profile(source, Optional.empty(), used.spanNanos(), used.sorted(OptionalInt.empty()));
    }

    private void readTopLevel(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            if (parser.nextToken() == JsonToken.START_ARRAY && key.equals("traceEvents")) {
                traceSeen = true;
                readEvents(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readEvents(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                accept(fields(parser));
            } else {
                parser.skipChildren();
            }
        }
    }

    /** The scalars of an event; those of its arguments under {@code args.}, deeper ones left out. */
    private static Map<String, String> fields(JsonParser parser) {
        Map<String, String> fields = new HashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            if (parser.nextToken() == JsonToken.START_OBJECT && key.equals("args")) {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    putScalar(fields, "args." + parser.currentName(), parser);
                }
            } else if (parser.currentToken().isScalarValue()) {
                fields.put(key, parser.getString());
            } else {
                parser.skipChildren();
            }
        }
        return fields;
    }

    private static void putScalar(Map<String, String> fields, String key, JsonParser parser) {
        if (parser.nextToken().isScalarValue()) {
            fields.put(key, parser.getString());
        } else {
            parser.skipChildren();
        }
    }

    private void accept(Map<String, String> event) throws IOException {
        traceSeen |= event.containsKey("ph");
        String name = event.getOrDefault("name", "");
        switch (event.getOrDefault("cat", "")) {
            case "kernel", "gpu_memcpy", "gpu_memset" ->
                kernels.addAt(name, operator(event), span(event), counters(event));
            case "Kernel" -> {
                source = Profile.Source.ORT_PROFILE;
                Optional<String> node = Optional.ofNullable(event.get("args.node_name"));
                kernels.addAt(name, node, span(event), Map.of());
            }
            case "cpu_op" -> rememberOperator(event, name);
            case "Session" -> source = Profile.Source.ORT_PROFILE;
            case "Node" -> {
                source = Profile.Source.ORT_PROFILE;
                if (name.endsWith(NODE_SUFFIX)) {
                    String node = name.substring(0, name.length() - NODE_SUFFIX.length());
                    addStep(nodes, event, event.getOrDefault("args.op_name", node), node);
                }
            }
            case "octet_step" -> {
                source = Profile.Source.OCTET_TRACE;
                addStep(kernels, event, name, event.getOrDefault("args.node", ""));
            }
            default -> {
                // Annotations, CPU functions and flow arrows say nothing about kernels.
            }
        }
    }

    private void addStep(KernelTotals totals, Map<String, String> event, String kernel, String node)
            throws ProfileException {
        String provider = event.getOrDefault("args.provider", "");
        Optional<String> precision =
                Optional.ofNullable(event.get("args.precision")).filter(text -> !text.equals("OTHER"));
        if (provider.equals("CPUExecutionProvider") || provider.equals("cpu")) {
            totals.addOnCpu(kernel, Optional.of(node), span(event), precision);
        } else {
            totals.addAt(kernel, Optional.of(node), span(event), Map.of());
        }
    }

    private void rememberOperator(Map<String, String> event, String name) throws ProfileException {
        String id = event.getOrDefault("args.External id", event.getOrDefault("args.external id", ""));
        if (!id.isEmpty() && operators.size() >= MAX_OPERATORS) {
            throw new ProfileException(file, "more than " + MAX_OPERATORS + " operators; profile a shorter run");
        }
        operators.put(id, name);
    }

    /** PyTorch writes the operators of a trace before the kernels. */
    private Optional<String> operator(Map<String, String> event) {
        String id = event.getOrDefault("args.External id", event.getOrDefault("args.external id", ""));
        return id.isEmpty() ? Optional.empty() : Optional.ofNullable(operators.get(id));
    }

    private long nanos(Map<String, String> event) throws ProfileException {
        double micros = number(event.getOrDefault("dur", "")).orElse(-1.0);
        if (!(micros >= 0 && micros <= MAX_MICROS)) {
            throw new ProfileException(file, "event \"" + event.get("name") + "\" has no usable duration");
        }
        return Math.round(micros * 1000);
    }

    /** Start and end; a start that is missing or unusable counts as 0. */
    private long[] span(Map<String, String> event) throws ProfileException {
        double micros = number(event.getOrDefault("ts", "")).orElse(0.0);
        long start = Math.abs(micros) <= MAX_MICROS ? Math.round(micros * 1000) : 0;
        return new long[] {start, start + nanos(event)};
    }

    private static Map<String, Double> counters(Map<String, String> event) {
        Map<String, Double> counters = new HashMap<>();
        event.forEach((key, text) -> {
            if (key.startsWith("args.") && key.contains("__")) {
                number(text).ifPresent(value -> counters.put(key.substring("args.".length()), value));
            }
        });
        return counters;
    }

    private static Optional<Double> number(String text) {
        try {
            return Optional.of(Double.valueOf(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
