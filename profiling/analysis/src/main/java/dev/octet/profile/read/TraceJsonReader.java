package dev.octet.profile.read;

import dev.octet.profile.DeviceData;
import dev.octet.profile.KernelClass;
import dev.octet.profile.Profile;
import dev.octet.profile.read.KernelTotals.Call;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
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
    private final SortedMap<Integer, DeviceData> devices = new TreeMap<>();
    private boolean traceSeen;
    private Profile.Source source = Profile.Source.CHROME_TRACE;

    TraceJsonReader(Path file) {
        this.file = file;
        this.kernels = new KernelTotals(file);
        this.nodes = new KernelTotals(file);
    }

    Profile read() throws IOException {
        try (InputStream stream = ProfileText.stream(file);
                JsonParser parser = JsonFactory.builder().build().createParser(ObjectReadContext.empty(), stream)) {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                readEvents(parser);
            } else {
                readTopLevel(parser);
            }
        } catch (JacksonException e) {
            if (e.getCause() instanceof ProfileException fault) {
                throw fault;
            }
            throw new ProfileException(file, "is truncated or no JSON (" + e.getOriginalMessage() + ")", e);
        }
        if (!traceSeen) {
            throw new ProfileException(file, "is JSON, but holds no events of a Chrome trace");
        }
        KernelTotals used = kernels.isEmpty() ? nodes : kernels;
        return used.profile(source, devices);
    }

    private void readTopLevel(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            boolean array = parser.nextToken() == JsonToken.START_ARRAY;
            if (array && key.equals("traceEvents")) {
                traceSeen = true;
                readEvents(parser);
            } else if (array && key.equals("deviceProperties")) {
                readDevices(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** The GPUs as Kineto describes them; it knows no clock and no bandwidth. */
    private void readDevices(JsonParser parser) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                Map<String, String> fields = fields(parser);
                int architecture = 10 * integer(fields, "computeMajor") + integer(fields, "computeMinor");
                devices.put(
                        integer(fields, "id"),
                        new DeviceData(
                                fields.getOrDefault("name", "unknown GPU"),
                                architecture,
                                integer(fields, "numSms"),
                                0,
                                0,
                                0));
            } else {
                parser.skipChildren();
            }
        }
    }

    private static int integer(Map<String, String> fields, String key) {
        return number(fields.getOrDefault(key, "")).orElse(0.0).intValue();
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
            case "kernel", "gpu_memcpy", "gpu_memset", "Memcpy", "Memset" -> addKernel(event, name, operator(event));
            case "Kernel" -> {
                // The first versions of Kineto and ONNX Runtime use the same word.
                boolean numbered = event.containsKey("args.External id");
                source = numbered ? source : Profile.Source.ORT_PROFILE;
                addKernel(event, name, numbered ? operator(event) : node(event));
            }
            case "cpu_op", "Operator" -> rememberOperator(event, name);
            case "Session" -> source = Profile.Source.ORT_PROFILE;
            case "Node" -> {
                source = Profile.Source.ORT_PROFILE;
                if (name.endsWith(NODE_SUFFIX)) {
                    String node = withoutSuffix(name);
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

    private void addKernel(Map<String, String> event, String name, Optional<String> range) throws ProfileException {
        long[] span = span(event);
        int device = number(event.getOrDefault("args.device", ""))
                .map(Double::intValue)
                .orElse(Call.NO_DEVICE);
        kernels.addAt(new Call(name, range, span[0], span[1], device), counters(event));
    }

    /** The node that launched a kernel, as versions of ONNX Runtime name it. */
    private static Optional<String> node(Map<String, String> event) {
        return Stream.of("args.parent_name", "args.node_name", "args.op_name")
                .filter(event::containsKey)
                .findFirst()
                .map(event::get)
                .map(TraceJsonReader::withoutSuffix);
    }

    private static String withoutSuffix(String name) {
        return name.endsWith(NODE_SUFFIX) ? name.substring(0, name.length() - NODE_SUFFIX.length()) : name;
    }

    private void addStep(KernelTotals totals, Map<String, String> event, String kernel, String node)
            throws ProfileException {
        String provider = event.getOrDefault("args.provider", "");
        Optional<String> precision =
                Optional.ofNullable(event.get("args.precision")).filter(text -> !text.equals("OTHER"));
        long[] span = span(event);
        Call call = new Call(kernel, Optional.of(node), span[0], span[1], Call.NO_DEVICE);
        if (provider.equals("CPUExecutionProvider") || provider.equals("cpu")) {
            totals.addStated(call, KernelClass.onCpu(precision));
        } else {
            totals.addAt(call, Map.of());
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
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Double.valueOf(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
