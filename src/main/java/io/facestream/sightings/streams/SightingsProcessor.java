package io.facestream.sightings.streams;

import io.facestream.messaging.RateLimit;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.streams.SightingsMetrics.Skipped;
import io.facestream.sightings.visits.CameraVisits;
import io.facestream.sightings.visits.Names;
import io.facestream.sightings.visits.SeenFrame;
import io.facestream.sightings.visits.VisitKey;
import io.facestream.sightings.visits.VisitRules;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;

/** The work on one partition of both topics. Kafka Streams calls it on one thread. */
final class SightingsProcessor implements Processor<byte[], Input, byte[], ProducerRecord<byte[], byte[]>> {
    static final String STAGE = "sightings";
    static final String PENDING = "pending";
    static final String VISITS = "visits";
    static final String TO_SIGHTINGS = "to-sightings";
    static final String TO_REJECTED = "to-rejected";

    private static final Logger LOG = Logger.getLogger(SightingsProcessor.class);
    private static final RateLimit LOGGED = new RateLimit(Duration.ofMinutes(1));

    private static final Duration TICK = Duration.ofSeconds(1);

    /** A camera is forgotten when its partition's frames are that much younger: then none of its can be older. */
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    private static final Duration NOW_AND_THEN = Duration.ofMinutes(1);

    private final VisitRules rules;
    private final int mostPending;
    private final InputEnd end;
    private final VectorLog vectorLog;
    private final SightingsMetrics metrics;
    private final Map<String, Camera> cameras = new HashMap<>();

    private ProcessorContext<byte[], ProducerRecord<byte[], byte[]>> context;
    private KeyValueStore<byte[], byte[]> visitRows;
    private PendingFrames pending;
    private long latest;
    private long firstFrame;
    private long askedAt;
    private boolean asked;
    private long forgotAt;

    /** A camera's visits, and what of it is on the heap only. */
    private static final class Camera {
        final CameraVisits visits;
        final Names names = new Names();
        /** When its latest frame was taken in, by this process's clock. */
        long seenAt;

        Camera(CameraVisits visits, long seenAt) {
            this.visits = visits;
            this.seenAt = seenAt;
        }
    }

    SightingsProcessor(VisitRules rules, int mostPending, InputEnd end, VectorLog vectorLog, SightingsMetrics metrics) {
        this.rules = rules;
        this.mostPending = mostPending;
        this.end = end;
        this.vectorLog = vectorLog;
        this.metrics = metrics;
    }

    /** Called again after a transaction was aborted and the stores were restored: everything is read from them anew. */
    @Override
    public void init(ProcessorContext<byte[], ProducerRecord<byte[], byte[]>> of) {
        context = of;
        visitRows = of.getStateStore(VISITS);
        pending = new PendingFrames(of.getStateStore(PENDING), mostPending);
        cameras.clear();
        asked = false;
        Set<String> names = new HashSet<>();
        try (KeyValueIterator<byte[], byte[]> all = visitRows.all()) {
            all.forEachRemaining(row -> names.add(RowKey.read(row.key).camera()));
        }
        names.forEach(this::restore);
        latest = cameras.values().stream()
                .mapToLong(camera -> camera.visits.now())
                .max()
                .orElse(0);
        forgotAt = of.currentSystemTimeMs();
        of.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, time -> tick());
        report();
    }

    /** Reads a camera from its rows; rows of another build's format are dropped with the camera. */
    private void restore(String name) {
        cameras.remove(name);
        Map<VisitKey, byte[]> rows = new LinkedHashMap<>();
        byte[] clock = null;
        for (KeyValue<byte[], byte[]> row : rows(name)) {
            RowKey key = RowKey.read(row.key);
            if (key.isOfCamera()) {
                clock = row.value;
            } else {
                ByteBuffer numbers = key.buffer();
                rows.put(new VisitKey(numbers.getLong(), numbers.getInt()), row.value);
            }
        }
        if (clock == null) {
            return;
        }
        try {
            CameraVisits visits = CameraVisits.restore(rules, clock, rows);
            cameras.put(name, new Camera(visits, context.currentSystemTimeMs()));
        } catch (UncheckedIOException e) {
            LOG.warnf("the open visits of camera %s are of another version and are dropped: %s", name, e.getMessage());
            rows(name).forEach(row -> visitRows.delete(row.key));
        }
    }

    private List<KeyValue<byte[], byte[]>> rows(String camera) {
        List<KeyValue<byte[], byte[]>> rows = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> range =
                visitRows.range(RowKey.ofCamera(camera), RowKey.ofVisit(camera, Long.MAX_VALUE, Integer.MAX_VALUE))) {
            range.forEachRemaining(rows::add);
        }
        return rows;
    }

    @Override
    public void process(Record<byte[], Input> record) {
        RecordMetadata place = context.recordMetadata().orElseThrow();
        try {
            take(record.value(), record.timestamp(), place.partition());
        } catch (RejectedException e) {
            reject(record, place, e);
        } catch (RuntimeException e) {
            if (e instanceof KafkaException) {
                throw e;
            }
            LOG.errorf(e, "%s-%d@%d could not be processed", place.topic(), place.partition(), place.offset());
            // What is on the heap may be half done; the stores are not written before everything has been computed.
            cameras.keySet().stream().toList().forEach(this::restore);
            pending = new PendingFrames(context.getStateStore(PENDING), mostPending);
            reject(record, place, new RejectedException(RejectReason.PROCESSING_FAILED, e.toString(), e));
        }
        end.processed(new TopicPartition(place.topic(), place.partition()), place.offset());
    }

    private void take(Input input, long millis, int partition) throws RejectedException {
        if (input instanceof Input.Unusable unusable) {
            throw unusable.why();
        } else if (input instanceof Input.FaceVector face) {
            pending.add(face);
        } else if (input instanceof Input.FaceEvent event) {
            if (!isPastRetention(event.camera(), event.frameOffset(), partition)) {
                pending.add(event, millis);
                Camera camera = camera(event.camera());
                event.names().forEach(camera.names::put);
            }
        } else if (input instanceof Input.Mark mark) {
            String camera = mark.frame().camera();
            boolean gone = mark.side() == Input.Side.EVENTS
                    && isPastRetention(camera, mark.frame().pointer().offset(), partition);
            if (gone) {
                metrics.skipped(Skipped.PAST_RETENTION, 1);
            } else {
                pending.add(mark).ifPresent(frame -> see(frame, partition));
            }
        }
        count();
    }

    private Camera camera(String name) {
        return cameras.computeIfAbsent(
                name, unknown -> new Camera(new CameraVisits(rules), context.currentSystemTimeMs()));
    }

    private void see(SeenFrame frame, int partition) {
        String name = frame.info().camera();
        metrics.frame();
        latest = Math.max(latest, frame.info().appendedAt().toEpochMilli());
        Camera camera = cameras.get(name);
        if (camera == null) {
            if (frame.faces().isEmpty()) {
                return; // nobody was there, and nobody is
            }
            camera = camera(name);
        }
        camera.seenAt = context.currentSystemTimeMs();
        List<Sighting> told = camera.visits.see(frame, camera.names);
        write(name, camera);
        tell(told, partition);
        if (camera.visits.isEmpty() && !pending.holds(name)) {
            // an empty room costs nothing
            cameras.remove(name);
            visitRows.delete(RowKey.ofCamera(name));
            report();
            return;
        }
        Set<UUID> mentioned = camera.visits.mentioned();
        mentioned.addAll(pending.mentioned(name));
        camera.names.retain(mentioned);
        report();
    }

    private void write(String name, Camera camera) {
        visitRows.put(RowKey.ofCamera(name), camera.visits.clock());
        camera.visits
                .changes()
                .forEach((key, row) -> visitRows.put(RowKey.ofVisit(name, key.offset(), key.index()), row));
    }

    private void tell(List<Sighting> told, int partition) {
        for (Sighting sighting : told) {
            metrics.told(sighting.change());
            forward(SightingsTopic.record(sighting, partition), TO_SIGHTINGS);
        }
    }

    private void forward(ProducerRecord<byte[], byte[]> record, String child) {
        context.forward(new Record<>(record.key(), record, context.currentStreamTimeMs(), record.headers()), child);
    }

    private void reject(Record<byte[], Input> record, RecordMetadata place, RejectedException why) {
        metrics.reject();
        byte[] value = record.value() instanceof Input.Unusable unusable ? unusable.value() : null;
        ConsumerRecord<byte[], byte[]> original = new ConsumerRecord<>(
                place.topic(),
                place.partition(),
                place.offset(),
                record.timestamp(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                record.key(),
                value,
                record.headers(),
                Optional.empty());
        forward(RejectedRecords.of(original, STAGE, why), TO_REJECTED);
    }

    /**
     * Whether an event's vectors are gone. They were on their topic before the event was on its own, so what the topic
     * does not hold any more will never come.
     */
    private boolean isPastRetention(String camera, long offset, int partition) {
        if (pending.holds(camera, offset)) {
            return false;
        }
        long now = context.currentSystemTimeMs();
        if (!asked || now - askedAt >= NOW_AND_THEN.toMillis()) {
            OptionalLong first = vectorLog.firstFrame(partition);
            firstFrame = first.orElse(offset + 1);
            asked = true;
            askedAt = now;
        }
        if (offset < firstFrame && LOGGED.permits()) {
            LOG.warnf(
                    "%s-%d: the vectors of frames before offset %d of camera-frames are past their retention;"
                            + " the visits of that time are not told",
                    SightingsTopic.EVENTS, partition, firstFrame);
        }
        return offset < firstFrame;
    }

    private void tick() {
        int partition = context.taskId().partition();
        long now = context.currentSystemTimeMs();
        Boolean reached = null;
        for (Map.Entry<String, Camera> entry : cameras.entrySet()) {
            Camera camera = entry.getValue();
            long silence = now - camera.seenAt;
            if (silence <= rules.absence().toMillis()
                    || camera.visits.present() == 0
                    || pending.holds(entry.getKey())) {
                continue;
            }
            reached = reached == null ? end.isReached(partition) : reached;
            if (!reached) {
                break;
            }
            List<Sighting> told = camera.visits.leaveEarly(Duration.ofMillis(silence), camera.names);
            write(entry.getKey(), camera);
            tell(told, partition);
        }
        if (now - forgotAt >= NOW_AND_THEN.toMillis()) {
            forgotAt = now;
            forget();
        }
        report();
    }

    private void forget() {
        long before = latest - FORGOTTEN.toMillis();
        pending.giveUpBefore(before);
        cameras.entrySet().removeIf(entry -> {
            boolean over = entry.getValue().visits.now() < before && !pending.holds(entry.getKey());
            if (over) {
                rows(entry.getKey()).forEach(row -> visitRows.delete(row.key));
            }
            return over;
        });
        count();
    }

    private void count() {
        metrics.skipped(Skipped.INCOMPLETE, pending.takeIncomplete());
        metrics.skipped(Skipped.OVERFLOW, pending.takeOverflown());
    }

    private void report() {
        long present = 0;
        for (Camera camera : cameras.values()) {
            present += camera.visits.present();
            metrics.skipped(Skipped.REFUSED, camera.visits.takeRefused());
        }
        metrics.state(context.taskId().partition(), present, pending.rows());
    }

    @Override
    public void close() {
        metrics.closed(context.taskId().partition());
    }
}
