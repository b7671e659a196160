package io.facestream.sightings.streams;

import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.streams.SightingsMetrics.Skipped;
import io.facestream.sightings.visits.CameraVisits;
import io.facestream.sightings.visits.Names;
import io.facestream.sightings.visits.SeenFrame;
import io.facestream.sightings.visits.VisitRules;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jboss.logging.Logger;

/** The work on one partition of both topics. Kafka Streams calls it on one thread. */
final class SightingsProcessor implements Processor<byte[], Input, byte[], ProducerRecord<byte[], byte[]>> {
    static final String STAGE = "sightings";
    static final String PENDING = "pending";
    static final String VISITS = "visits";
    static final String TO_SIGHTINGS = "to-sightings";
    static final String TO_COMMANDS = "to-commands";
    static final String TO_REJECTED = "to-rejected";

    private static final Logger LOG = Logger.getLogger(SightingsProcessor.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    /**
     * A camera is forgotten when its partition's frames are that much younger: then none of its can be older. For as
     * long a frame that is not complete keeps a silent camera's visits open: matching may stand still.
     */
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    /**
     * The same by the wall clock, of a camera that is alone on its partition: no topic before the inputs is kept for
     * longer by default.
     */
    private static final Duration FORGOTTEN_ALONE = Duration.ofDays(1);

    private static final Duration NOW_AND_THEN = Duration.ofMinutes(1);

    private final VisitRules rules;
    private final int mostPending;
    private final InputEnd end;
    private final VectorLog vectorLog;
    private final SightingsMetrics metrics;
    private final Map<String, Camera> cameras = new HashMap<>();

    private ProcessorContext<byte[], ProducerRecord<byte[], byte[]>> context;
    private VisitRows visitRows;
    private VectorRetention retention;
    private PendingFrames pending;
    private long latest;
    private long forgotAt;
    private boolean hasTime;

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
        visitRows = new VisitRows(of.getStateStore(VISITS), rules);
        retention = new VectorRetention(vectorLog, of.taskId().partition());
        cameras.clear();
        visitRows.cameras().forEach(this::restore);
        latest = cameras.values().stream()
                .mapToLong(camera -> camera.visits.appendedAt())
                .max()
                .orElse(0);
        pending = new PendingFrames(of.getStateStore(PENDING), mostPending, latest);
        hasTime = false;
        of.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, time -> tick());
        report();
    }

    private void restore(String name) {
        cameras.remove(name);
        visitRows.read(name).ifPresent(visits -> cameras.put(name, new Camera(visits, context.currentSystemTimeMs())));
    }

    /**
     * Kafka Streams tells the time from the first record or tick on: in {@link #init} it is 1970 still. What counts
     * from there would be long past at the first tick, and somebody gone and a frame given up that were only handed
     * over.
     */
    private void begin() {
        if (!hasTime) {
            hasTime = true;
            forgotAt = context.currentSystemTimeMs();
            cameras.values().forEach(camera -> camera.seenAt = forgotAt);
        }
    }

    @Override
    public void process(Record<byte[], Input> record) {
        begin();
        RecordMetadata place = context.recordMetadata().orElseThrow();
        try {
            take(record.value(), record.timestamp());
        } catch (RejectedException e) {
            reject(record, place, e);
        } catch (RuntimeException e) {
            if (e instanceof KafkaException) {
                throw e;
            }
            LOG.errorf(e, "%s-%d@%d could not be processed", place.topic(), place.partition(), place.offset());
            // What is on the heap may be half done; the stores are not written before everything has been computed.
            cameras.keySet().stream().toList().forEach(this::restore);
            pending = new PendingFrames(context.getStateStore(PENDING), mostPending, latest);
            reject(record, place, new RejectedException(RejectReason.PROCESSING_FAILED, e.toString(), e));
        }
        end.processed(new TopicPartition(place.topic(), place.partition()), place.offset());
    }

    private void take(Input input, long millis) throws RejectedException {
        if (input instanceof Input.Unusable unusable) {
            throw unusable.why();
        } else if (input instanceof Input.FaceVector face) {
            pending.add(face);
        } else if (input instanceof Input.FaceEvent event) {
            if (!isPastRetention(event.camera(), event.frameOffset())) {
                pending.add(event, millis);
                Camera camera = camera(event.camera());
                event.names().forEach(camera.names::put);
            }
        } else if (input instanceof Input.Mark mark) {
            String camera = mark.frame().camera();
            boolean gone = mark.side() == Input.Side.EVENTS
                    && isPastRetention(camera, mark.frame().pointer().offset());
            if (gone) {
                metrics.skipped(Skipped.PAST_RETENTION, 1);
            } else {
                pending.add(mark).ifPresent(this::see);
            }
        }
        count();
    }

    private Camera camera(String name) {
        return cameras.computeIfAbsent(
                name, unknown -> new Camera(new CameraVisits(rules), context.currentSystemTimeMs()));
    }

    private void see(SeenFrame frame) {
        String name = frame.info().camera();
        metrics.frame();
        // Not the greatest: the broker's clock may have been set back.
        latest = frame.info().appendedAt().toEpochMilli();
        Camera camera = cameras.get(name);
        if (camera == null) {
            if (frame.faces().isEmpty()) {
                return; // nobody was there, and nobody is
            }
            camera = camera(name);
        }
        camera.seenAt = context.currentSystemTimeMs();
        List<Sighting> told = camera.visits.see(frame, camera.names);
        commit(name, camera, told);
        if (camera.visits.isEmpty() && !pending.holds(name)) {
            // an empty room costs nothing
            cameras.remove(name);
            visitRows.delete(name);
            report();
            return;
        }
        Set<UUID> mentioned = camera.visits.mentioned();
        mentioned.addAll(pending.mentioned(name));
        camera.names.retain(mentioned);
        report();
    }

    private void commit(String name, Camera camera, List<Sighting> told) {
        int partition = context.taskId().partition();
        // Before the rows, which would otherwise say that it was told.
        List<ProducerRecord<byte[], byte[]>> records = told.stream()
                .map(sighting -> SightingsTopic.record(sighting, partition))
                .toList();
        List<ProducerRecord<byte[], byte[]>> commands = camera.visits.takeStrangers().stream()
                .map(SightingsTopic::keepStranger)
                .toList();
        visitRows.write(name, camera.visits);
        told.forEach(metrics::told);
        records.forEach(record -> forward(record, TO_SIGHTINGS));
        commands.forEach(record -> forward(record, TO_COMMANDS));
    }

    private void forward(ProducerRecord<byte[], byte[]> record, String child) {
        // Before the first record there is no stream time, which Kafka Streams gives as a negative one and refuses.
        long time = Math.max(0, context.currentStreamTimeMs());
        context.forward(new Record<>(record.key(), record, time, record.headers()), child);
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

    private boolean isPastRetention(String camera, long offset) {
        return !pending.holds(camera, offset) && retention.isPast(offset, context.currentSystemTimeMs());
    }

    private void tick() {
        begin();
        long now = context.currentSystemTimeMs();
        pending.giveUpOvertaken();
        Boolean reached = null;
        for (Map.Entry<String, Camera> entry : cameras.entrySet()) {
            Camera camera = entry.getValue();
            long silence = now - camera.seenAt;
            boolean waits = pending.holds(entry.getKey()) && silence <= FORGOTTEN.toMillis();
            if (silence <= rules.absence().toMillis() || camera.visits.present() == 0 || waits) {
                continue;
            }
            reached = reached == null ? end.isReached(context.taskId().partition()) : reached;
            if (!reached) {
                break;
            }
            leave(entry.getKey(), camera, Duration.ofMillis(silence));
        }
        if (now - forgotAt >= NOW_AND_THEN.toMillis()) {
            forgotAt = now;
            forget(latest - FORGOTTEN.toMillis());
            forgetAlone(now - FORGOTTEN_ALONE.toMillis());
        }
        count();
        report();
    }

    private void leave(String name, Camera camera, Duration silence) {
        commit(name, camera, camera.visits.leaveEarly(silence, camera.names));
    }

    /** @param before of cameras whose latest frame was appended before that time nothing more comes */
    private void forget(long before) {
        pending.giveUpBefore(before);
        cameras.entrySet().removeIf(entry -> {
            Camera camera = entry.getValue();
            if (camera.visits.appendedAt() >= before || pending.holds(entry.getKey())) {
                return false;
            }
            // In a replay the wall clock has not got that far.
            leave(entry.getKey(), camera, FORGOTTEN.plus(rules.absence()));
            visitRows.delete(entry.getKey());
            return true;
        });
    }

    /** What would stay for ever if its partition's other cameras fall silent: no vector is kept longer than needed. */
    private void forgetAlone(long before) {
        boolean any =
                pending.rows() > 0 || cameras.values().stream().anyMatch(camera -> camera.visits.appendedAt() < before);
        if (latest < before && any && end.isReached(context.taskId().partition())) {
            forget(before);
        }
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
