package io.facestream.web.commands;

import io.facestream.curation.CommandsTopic;
import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.enrolment.PhotosTopic;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TopicsConfig;
import io.facestream.web.Problem;
import io.facestream.web.ProblemException;
import io.facestream.web.WebConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Changes the gallery as people ask: writes commands and photos to Kafka, and returns what came of them. Each method
 * may block for 2 s while there is no broker, so it is for worker threads.
 *
 * <p>Each may fail with a {@link ProblemException}, at once or later: {@code no-kafka} (503) if the broker does not
 * take it; {@code busy} (503) if too many wait; {@code no-answer} (503) if time is up, and what was asked may still be
 * done; {@code too-large} (413).
 */
@ApplicationScoped
public class Commands {
    private static final Logger LOG = Logger.getLogger(Commands.class);

    /** Those who wait for an answer at a time. */
    private static final int MOST_WAITING = 256;

    private static final String LATE = "no-answer";
    private static final int BLOCK_MILLIS = 2_000;
    private static final int REQUEST_MILLIS = 4_000;
    private static final int DELIVERY_MILLIS = 5_000;
    private static final Duration END = Duration.ofSeconds(3);

    private final boolean enabled;
    private final KafkaConnection kafka;
    private final AnswersTopic answers;
    private final Semaphore room = new Semaphore(MOST_WAITING);
    private final Map<String, CompletableFuture<GalleryEvent>> commands = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<EnrolmentAnswer>> photos = new ConcurrentHashMap<>();
    private KafkaProducer<byte[], byte[]> producer;

    @Inject
    Commands(WebConfig config, TopicsConfig topics, Config properties) {
        this(config.enabled(), topics, KafkaConnection.from(properties));
    }

    Commands(boolean enabled, TopicsConfig topics, KafkaConnection kafka) {
        this.enabled = enabled;
        this.kafka = kafka;
        this.answers = new AnswersTopic(
                kafka,
                topics,
                event -> answer(commands, event.commandId(), event),
                enrolment -> answer(photos, enrolment.photoId(), enrolment));
    }

    private static <T> void answer(Map<String, CompletableFuture<T>> waiting, String id, T answer) {
        CompletableFuture<T> waits = id == null ? null : waiting.get(id);
        if (waits != null) {
            waits.completeAsync(() -> answer);
        }
    }

    void start(@Observes StartupEvent event) {
        if (enabled) {
            answers.start();
        }
    }

    /**
     * Sends a command, and waits for its answer: done, rejected or failed.
     *
     * @param requestedBy the name of the user or key that asks
     */
    public CompletionStage<GalleryEvent> send(GalleryCommand command, String requestedBy, Duration wait) {
        return ask(commands, command.commandId().toString(), record(command, requestedBy), wait);
    }

    /**
     * Sends a command that nobody waits for.
     *
     * @return completes when the broker has it
     */
    public CompletionStage<Void> publish(GalleryCommand command, String requestedBy) {
        CompletableFuture<Void> sent = admit();
        publish(record(command, requestedBy), sent::completeExceptionally, () -> sent.complete(null));
        return sent;
    }

    /**
     * Sends a record of another topic of commands.
     *
     * @return completes when the broker has it
     */
    public CompletionStage<Void> publish(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Void> sent = admit();
        publish(record, sent::completeExceptionally, () -> sent.complete(null));
        return sent;
    }

    private static ProducerRecord<byte[], byte[]> record(GalleryCommand command, String requestedBy) {
        byte[] message = Json.write(command);
        requireAtMost(CommandsTopic.LARGEST, message);
        return CommandsTopic.record(command.commandId(), message, requestedBy);
    }

    /**
     * Sends a photo of a person to be enrolled, and waits for the answer: accepted or rejected.
     *
     * @param name of the person, a {@link io.facestream.messaging.PlainName}
     */
    public CompletionStage<EnrolmentAnswer> enrol(String name, byte[] photo, Duration wait) {
        requireAtMost(PhotosTopic.LARGEST, photo);
        String id = UUID.randomUUID().toString();
        return ask(photos, id, PhotosTopic.record(name, id, photo, ""), wait);
    }

    private static void requireAtMost(int largest, byte[] message) {
        if (message.length > largest) {
            throw new ProblemException(
                    "too-large", "The request is too large", 413, message.length + " bytes, more than " + largest);
        }
    }

    private <T> CompletionStage<T> ask(
            Map<String, CompletableFuture<T>> waiting,
            String id,
            ProducerRecord<byte[], byte[]> record,
            Duration wait) {
        CompletableFuture<T> answer = admit();
        // Two requests may have one id: it is one command, so the later one waits for the answer of both.
        CompletableFuture<T> first = waiting.putIfAbsent(id, answer);
        if (first != null) {
            first.whenComplete((result, failure) -> {
                if (failure == null) {
                    answer.complete(result);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        }
        answer.whenComplete((result, failure) -> waiting.remove(id, answer));
        CompletableFuture<Void> taken = new CompletableFuture<>();
        publish(record, answer::completeExceptionally, () -> taken.complete(null));
        // A command is only late if the broker has it; if the broker does not take it, that is the answer.
        CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> taken.thenRun(() -> answer.completeExceptionally(late(id))));
        return answer;
    }

    /** Whether a problem is that there was no answer in time. */
    public static boolean isLate(Problem problem) {
        return LATE.equals(problem.code());
    }

    private static ProblemException late(String id) {
        return new ProblemException(
                LATE,
                "There was no answer in time",
                503,
                "it may still be done: " + id + "; is the role `curation` running, and `enrolment` for photos?");
    }

    /** Takes a place, which is free again as soon as the result is there. */
    private <T> CompletableFuture<T> admit() {
        if (!answers.isFollowing()) {
            throw noKafka();
        }
        if (!room.tryAcquire()) {
            throw new ProblemException("busy", "Too many commands are under way", 503, null);
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        result.whenComplete((done, failure) -> room.release());
        return result;
    }

    private void publish(ProducerRecord<byte[], byte[]> record, Consumer<ProblemException> failed, Runnable sent) {
        try {
            producer().send(record, (metadata, failure) -> {
                if (failure == null) {
                    sent.run();
                } else {
                    LOG.debug("a command was not taken", failure);
                    failed.accept(noKafka());
                }
            });
        } catch (KafkaException e) {
            LOG.debug("a command was not taken", e);
            failed.accept(noKafka());
        }
    }

    private static ProblemException noKafka() {
        return new ProblemException("no-kafka", "The broker does not answer", 503, null);
    }

    /** Made when it is first needed: the role starts without a broker. */
    private synchronized KafkaProducer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = kafka.producer(Map.of(
                    "enable.idempotence",
                    true,
                    "max.block.ms",
                    BLOCK_MILLIS,
                    "request.timeout.ms",
                    REQUEST_MILLIS,
                    "delivery.timeout.ms",
                    DELIVERY_MILLIS,
                    "linger.ms",
                    0));
        }
        return producer;
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        answers.close();
        if (producer != null) {
            producer.close(END);
        }
    }
}
