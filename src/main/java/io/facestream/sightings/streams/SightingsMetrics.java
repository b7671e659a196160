package io.facestream.sightings.streams;

import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The metrics of sightings. Counters count what is processed; a transaction that is repeated counts twice. */
public final class SightingsMetrics {
    private static final String PREFIX = "facestream.sightings.";

    private final Counter frames;
    private final Counter rejects;
    private final Map<Sighting.Change, Map<Subject.Kind, Counter>> messages = new EnumMap<>(Sighting.Change.class);
    private final Map<Skipped, Counter> skipped = new EnumMap<>(Skipped.class);
    private final Map<Integer, Long> visits = new ConcurrentHashMap<>();
    private final Map<Integer, Long> pending = new ConcurrentHashMap<>();

    /** Why frames were left out. */
    enum Skipped {
        /** Their vectors are past the retention of {@code face-embeddings}. */
        PAST_RETENTION("past-retention"),
        /** A mark never came. */
        INCOMPLETE("incomplete"),
        /** Too many were pending. */
        OVERFLOW("overflow"),
        /** They came again, or too late; or their camera has too many faces. */
        REFUSED("refused");

        private final String code;

        Skipped(String code) {
            this.code = code;
        }
    }

    public SightingsMetrics(MeterRegistry registry) {
        frames = Counter.builder(PREFIX + "frames")
                .description("Frames of which both marks were read")
                .register(registry);
        rejects = Counter.builder(PREFIX + "rejects")
                .description("Records that could not be processed")
                .register(registry);
        for (Sighting.Change change : Sighting.Change.values()) {
            Map<Subject.Kind, Counter> byKind = new EnumMap<>(Subject.Kind.class);
            for (Subject.Kind kind : Subject.Kind.values()) {
                byKind.put(
                        kind,
                        Counter.builder(PREFIX + "messages")
                                .description("Messages about visits")
                                .tag("change", change.code())
                                .tag("kind", kind.code())
                                .register(registry));
            }
            messages.put(change, byKind);
        }
        for (Skipped why : Skipped.values()) {
            skipped.put(
                    why,
                    Counter.builder(PREFIX + "skipped.frames")
                            .description("Frames that were left out, by why")
                            .tag("why", why.code)
                            .register(registry));
        }
        Gauge.builder(PREFIX + "visits", () -> sum(visits))
                .description("Visits that have appeared and not left")
                .register(registry);
        Gauge.builder(PREFIX + "pending.rows", () -> sum(pending))
                .description("Faces and marks that wait for the rest of their frame")
                .register(registry);
    }

    private static long sum(Map<Integer, Long> ofPartitions) {
        return ofPartitions.values().stream().mapToLong(Long::longValue).sum();
    }

    void frame() {
        frames.increment();
    }

    void reject() {
        rejects.increment();
    }

    void told(Sighting sighting) {
        messages.get(sighting.change()).get(sighting.subject().kind()).increment();
    }

    void skipped(Skipped why, long frames) {
        skipped.get(why).increment(frames);
    }

    void state(int partition, long ofVisits, long ofPending) {
        visits.put(partition, ofVisits);
        pending.put(partition, ofPending);
    }

    void closed(int partition) {
        visits.remove(partition);
        pending.remove(partition);
    }
}
