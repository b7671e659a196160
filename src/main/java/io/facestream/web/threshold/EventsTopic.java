package io.facestream.web.threshold;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.identities.Candidate;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.web.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Reads the events of the last days: without a group, the latest first, as far back as they can be read in some
 * seconds, and for one request at a time.
 */
@ApplicationScoped
class EventsTopic {
    private static final Logger LOG = Logger.getLogger(EventsTopic.class);
    private static final String TOPIC = Topic.IDENTITY_EVENTS.topicName();
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    private static final Duration LAST_ROUND = Duration.ofSeconds(8);

    /** How much longer the last round may take before it is left out. */
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    /** Records of all partitions, marks among them. The latest are read first. */
    static final int RECORDS_AT_ONCE = 20_000;

    private static final int RECORDS_AT_POLL = 5_000;

    /** Faces after which no more are read: with their texts some 20 MB. */
    private static final int MOST_FACES = 50_000;

    private final KafkaConnection kafka;
    private final Duration lastRound;
    private final ReentrantLock reading = new ReentrantLock();

    @Inject
    EventsTopic(Config properties) {
        this(properties, LAST_ROUND);
    }

    /** @param lastRound when no more is begun */
    EventsTopic(Config properties, Duration lastRound) {
        this.kafka = KafkaConnection.from(properties);
        this.lastRound = lastRound;
    }

    /**
     * What to read.
     *
     * @param version whose distances are asked for
     * @param within the largest distance of a face that matters
     */
    record Question(int days, String version, float within) {}

    /** @throws ProblemException {@code busy} or {@code no-broker} (503) */
    Seen read(Question question) {
        if (!reading.tryLock()) {
            throw new ProblemException("busy", "Somebody else is reading them: try again in some seconds", 503, null);
        }
        try (KafkaConsumer<byte[], byte[]> consumer =
                kafka.consumer(Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_AT_POLL))) {
            return read(consumer, question);
        } catch (KafkaException e) {
            LOG.warnf("identity events cannot be read for the page: %s", e.getMessage());
            throw new ProblemException("no-broker", "Kafka does not answer", 503, null);
        } finally {
            reading.unlock();
        }
    }

    private Seen read(KafkaConsumer<byte[], byte[]> consumer, Question question) {
        long began = System.nanoTime();
        Instant wanted = Instant.now().minus(Duration.ofDays(question.days()));
        List<TopicPartition> all = consumer.partitionsFor(TOPIC, CALL).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all, CALL);
        Map<TopicPartition, Long> starts = starts(consumer, ends, wanted);
        Faces faces = new Faces(question);
        Instant since = Instant.now();
        boolean isWhole = false;
        while (!isWhole && faces.kept.size() < MOST_FACES && System.nanoTime() - began < lastRound.toNanos()) {
            Round round = Round.before(ends, starts, Math.max(1, RECORDS_AT_ONCE / Math.max(1, all.size())));
            Faces found = round.read(
                    consumer,
                    new Faces(question),
                    began + lastRound.plus(PATIENCE).toNanos());
            if (found == null && faces.read == 0) {
                throw new ProblemException("too-slow", "Kafka answers too slowly: try again", 503, null);
            }
            if (found == null) {
                break;
            }
            faces.add(found);
            isWhole = round.isFirst();
            since = isWhole || wanted.isAfter(found.since) ? wanted : found.since;
            ends = round.from();
        }
        return faces.seen(since);
    }

    /** Where the days begin. */
    private static Map<TopicPartition, Long> starts(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, Instant wanted) {
        Map<TopicPartition, Long> first = consumer.beginningOffsets(ends.keySet(), CALL);
        Map<TopicPartition, OffsetAndTimestamp> days = consumer.offsetsForTimes(
                ends.keySet().stream().collect(Collectors.toMap(each -> each, each -> wanted.toEpochMilli())), CALL);
        Map<TopicPartition, Long> starts = new HashMap<>();
        ends.forEach((partition, end) -> {
            OffsetAndTimestamp since = days.get(partition);
            starts.put(partition, since == null ? end : Math.max(first.getOrDefault(partition, 0L), since.offset()));
        });
        return starts;
    }

    /**
     * Some records of each partition, from one place to before another.
     *
     * @param isFirst whether there are no earlier ones
     */
    private record Round(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to, boolean isFirst) {
        static Round before(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> starts, int records) {
            Map<TopicPartition, Long> from = new HashMap<>();
            ends.forEach((each, end) -> from.put(each, Math.min(end, Math.max(starts.get(each), end - records))));
            return new Round(from, ends, from.equals(beginnings(ends, starts)));
        }

        private static Map<TopicPartition, Long> beginnings(
                Map<TopicPartition, Long> ends, Map<TopicPartition, Long> starts) {
            return ends.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, each -> Math.min(each.getValue(), starts.get(each.getKey()))));
        }

        /** Null if it took too long. */
        Faces read(KafkaConsumer<byte[], byte[]> consumer, Faces faces, long deadline) {
            Set<TopicPartition> left = new HashSet<>(from.keySet());
            left.removeIf(each -> from.get(each).equals(to.get(each)));
            consumer.assign(left);
            left.forEach(each -> consumer.seek(each, from.get(each)));
            Set<TopicPartition> begun = new HashSet<>();
            while (!left.isEmpty()) {
                if (System.nanoTime() > deadline) {
                    return null;
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    TopicPartition each = new TopicPartition(record.topic(), record.partition());
                    if (record.offset() < to.get(each)) {
                        faces.add(record, begun.add(each));
                    }
                }
                left.removeIf(each -> consumer.position(each, CALL) >= to.get(each));
                consumer.assign(left);
            }
            return faces;
        }
    }

    private static final class Faces {
        private final Question question;
        private final List<SeenFace> kept = new ArrayList<>();
        private Instant since = Instant.MIN;
        private long read;
        private long poor;
        private long otherVersion;

        Faces(Question question) {
            this.question = question;
        }

        /** @param isFirst of its partition: all before it are left out */
        void add(ConsumerRecord<byte[], byte[]> record, boolean isFirst) {
            Instant at = Instant.ofEpochMilli(record.timestamp());
            if (isFirst && at.isAfter(since)) {
                since = at;
            }
            Header type = record.headers().lastHeader(CloudEventRecords.TYPE);
            if (record.value() == null
                    || type == null
                    || type.value() == null
                    || !IdentityEvent.TYPE.equals(new String(type.value(), UTF_8))) {
                return;
            }
            try {
                add(Json.read(record.value(), IdentityEvent.class));
            } catch (RejectedException | RuntimeException e) {
                LOG.debugf(e, "%s-%d@%d is no event", record.topic(), record.partition(), record.offset());
            }
        }

        private void add(IdentityEvent event) {
            read++;
            List<Candidate> near = event.judgement().candidates();
            if (!event.modelVersion().equals(question.version())) {
                otherVersion++;
            } else if (event.judgement().reason() != null) {
                poor++;
            } else if (!near.isEmpty() && near.get(0).distance() <= question.within()) {
                kept.add(new SeenFace(
                        event.origin().camera(),
                        event.origin().capturedAt(),
                        near.get(0).identityId(),
                        near.get(0).distance(),
                        near.size() > 1 ? near.get(1).distance() : null,
                        event.judgement().decision(),
                        event.judgement().strangerId()));
            }
        }

        void add(Faces earlier) {
            kept.addAll(earlier.kept);
            read += earlier.read;
            poor += earlier.poor;
            otherVersion += earlier.otherVersion;
        }

        Seen seen(Instant from) {
            return new Seen(kept, from, read, poor, otherVersion);
        }
    }
}
