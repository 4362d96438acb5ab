package dev.octet.report;

import dev.octet.io.AtomicFile;
import dev.octet.runtime.PlanStep;
import dev.octet.runtime.StepListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Remembers every step of every run and writes them in Chrome's trace format, which Perfetto shows and
 * {@code octet profile} reads: an event a step, its category {@value #CATEGORY}, its name the kernel's, the node, operator
 * and precision among its arguments. Thread-safe.
 */
public final class StepTrace implements StepListener {
    private static final String CATEGORY = "octet_step";
    private static final JsonFactory FACTORY =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    private static final double NANOS_PER_MICRO = 1e3;

    private volatile String provider = "";
    private final long originNanos = System.nanoTime();
    private final List<Event> events = new ArrayList<>();
    private final Map<Long, Long> ends = new HashMap<>();

    /** One step of one run; {@code startNanos} counts from the trace's beginning. */
    private record Event(PlanStep step, long startNanos, long nanos, long thread) {}

    /** Says what computes the steps: {@code cpu} or {@code cuda}. */
    public void ranOn(String backend) {
        provider = backend;
    }

    /** A device tells the times of a run when it has ended: its steps then stand one behind the other. */
    @Override
    public void ran(PlanStep step, long elapsedNanos) {
        long thread = Thread.currentThread().threadId();
        long now = System.nanoTime() - originNanos;
        synchronized (events) {
            long end = ends.merge(thread, now, (before, latest) -> Math.max(before + elapsedNanos, latest));
            events.add(new Event(step, end - elapsedNanos, elapsedNanos, thread));
        }
    }

    /** Forgets what was remembered, such as the steps of warm-up runs. */
    public void clear() {
        synchronized (events) {
            events.clear();
        }
    }

    /** Writes what was remembered. */
    public void write(Path file) throws IOException {
        List<Event> written;
        synchronized (events) {
            written = List.copyOf(events);
        }
        try (AtomicFile target = AtomicFile.create(file)) {
            try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), target.out())) {
                json.writeStartObject();
                json.writeStringProperty("displayTimeUnit", "ns");
                json.writeArrayPropertyStart("traceEvents");
                for (Event event : written) {
                    write(event, json);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            target.commit();
        }
    }

    private void write(Event event, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("ph", "X");
        json.writeStringProperty("cat", CATEGORY);
        json.writeStringProperty("name", event.step.kernel());
        json.writeNumberProperty("pid", 1);
        json.writeNumberProperty("tid", event.thread);
        json.writeNumberProperty("ts", event.startNanos / NANOS_PER_MICRO);
        json.writeNumberProperty("dur", event.nanos / NANOS_PER_MICRO);
        json.writeObjectPropertyStart("args");
        json.writeStringProperty("node", event.step.node());
        json.writeStringProperty("op", event.step.op());
        json.writeStringProperty("precision", event.step.precision().name());
        json.writeStringProperty("provider", provider);
        json.writeEndObject();
        json.writeEndObject();
    }
}
