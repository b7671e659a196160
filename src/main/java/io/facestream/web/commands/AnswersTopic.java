package io.facestream.web.commands;

import io.facestream.curation.message.GalleryEvent;
import io.facestream.database.Refusal;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.messaging.Backoff;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RateLimit;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.messaging.TopicsConfig;
import io.facestream.stages.VitalThread;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Follows {@code gallery-events} and {@code enrolments} from the moment of the first connection on. It reads every
 * partition itself, without a group, so that it knows when it has its place. A lost connection leaves that place as it
 * is: no answer is missed.
 */
final class AnswersTopic implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AnswersTopic.class);
    private static final List<Topic> TOPICS = List.of(Topic.GALLERY_EVENTS, Topic.ENROLMENTS);
    private static final List<Topic> QUESTIONS =
            List.of(Topic.GALLERY_COMMANDS, Topic.LABELLED_FACES, Topic.TRAINING_COMMANDS);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration END = Duration.ofSeconds(3);

    /** How soon a partition that was added to a topic is followed. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final KafkaConnection kafka;
    private final TopicsConfig topics;
    private final Consumer<GalleryEvent> events;
    private final Consumer<EnrolmentAnswer> enrolments;
    private final Thread thread = VitalThread.of("answers", this::run);
    private final RateLimit warnings = new RateLimit(Duration.ofMinutes(1));

    /** The next record of each partition; empty before the first connection. */
    private final Map<TopicPartition, Long> next = new HashMap<>();

    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean following;

    AnswersTopic(
            KafkaConnection kafka,
            TopicsConfig topics,
            Consumer<GalleryEvent> events,
            Consumer<EnrolmentAnswer> enrolments) {
        this.kafka = kafka;
        this.topics = topics;
        this.events = events;
        this.enrolments = enrolments;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether it has its place, so that the answer to whatever is sent from now on is heard. */
    boolean isFollowing() {
        return following;
    }

    private boolean isRunning() {
        return stopping.getCount() > 0;
    }

    private void run() {
        Backoff pauses = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
        while (isRunning()) {
            try (KafkaConsumer<byte[], byte[]> consumer = connect()) {
                pauses.reset();
                while (isRunning()) {
                    follow(consumer);
                }
            } catch (RuntimeException e) {
                following = false;
                if (isRunning() && warnings.permits()) {
                    LOG.warnf("answers to commands cannot be followed, so none are sent: %s", Refusal.oneLine(e));
                }
                pause(pauses.take());
            }
        }
    }

    private void pause(Duration pause) {
        try {
            stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            LOG.debug("interrupted: close() asks for it", e);
        }
    }

    private KafkaConsumer<byte[], byte[]> connect() {
        TopicAdmin.ensure(
                kafka,
                topics,
                Stream.concat(TOPICS.stream(), QUESTIONS.stream()).toList());
        // What is older than a place that is gone is nobody's answer, and does no harm.
        return kafka.consumer(Map.of("auto.offset.reset", "earliest", "metadata.max.age.ms", LOOK.toMillis()));
    }

    /** Reads until it is time to look for added partitions. */
    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        assign(consumer);
        following = true;
        long since = System.nanoTime();
        while (isRunning() && System.nanoTime() - since < LOOK.toNanos()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                hear(record);
                next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            }
        }
    }

    private void assign(KafkaConsumer<byte[], byte[]> consumer) {
        Set<TopicPartition> found =
                TOPICS.stream().flatMap(topic -> partitions(consumer, topic)).collect(Collectors.toSet());
        if (consumer.assignment().equals(found)) {
            return;
        }
        consumer.assign(found);
        if (next.isEmpty()) {
            next.putAll(consumer.endOffsets(found, CALL));
        }
        found.forEach(partition -> consumer.seek(partition, next.computeIfAbsent(partition, added -> 0L)));
    }

    private static Stream<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, Topic topic) {
        return consumer.partitionsFor(topic.topicName(), CALL).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()));
    }

    private void hear(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.topic().equals(Topic.GALLERY_EVENTS.topicName())) {
                events.accept(Json.read(record.value(), GalleryEvent.class));
            } else {
                enrolments.accept(Json.read(record.value(), EnrolmentAnswer.class));
            }
        } catch (RejectedException | IllegalArgumentException e) {
            LOG.debugf(e, "%s-%d@%d is no answer", record.topic(), record.partition(), record.offset());
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        try {
            thread.join(END.toMillis());
            // Only the search for a broker takes that long. An interrupt anywhere else would break the consumer's end.
            thread.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
