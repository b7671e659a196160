package io.facestream.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.database.Refusal;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.Topic;
import io.facestream.training.commands.TrainingProgress;
import io.micrometer.core.instrument.Counter;
import java.net.URI;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.jboss.logging.Logger;

/**
 * Writes the workers' part of {@code training-progress}. News of running commands go through a channel. Ends of
 * commands go through a producer, from their rows, until the broker has them.
 */
final class ProgressTopic implements ProgressPublisher {
    private static final URI SOURCE = URI.create("/facestream/training");
    private static final Logger LOG = Logger.getLogger(ProgressTopic.class);
    private static final int MOST_CAUSES = 20;

    private final Emitter<ProducerRecord<byte[], byte[]>> news;
    private final KafkaProducer<byte[], byte[]> ends;
    private final Counter refusedEnds;

    /** @param refusedEnds counts the ends that the broker refused for what they are */
    ProgressTopic(
            Emitter<ProducerRecord<byte[], byte[]>> news, KafkaProducer<byte[], byte[]> ends, Counter refusedEnds) {
        this.news = news;
        this.ends = ends;
        this.refusedEnds = refusedEnds;
    }

    /** A record of the topic, whose key is the command's id. */
    static ProducerRecord<byte[], byte[]> record(TrainingProgress progress) {
        return record(progress.commandId(), Json.write(progress));
    }

    private static ProducerRecord<byte[], byte[]> record(String commandId, byte[] progress) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId(UUID.randomUUID().toString())
                .withSource(SOURCE)
                .withType(TrainingProgress.TYPE)
                .withSubject(commandId)
                .withTime(OffsetDateTime.now(ZoneOffset.UTC))
                .withData("application/json", progress)
                .build();
        return CloudEventRecords.write(
                Topic.TRAINING_PROGRESS, null, commandId == null ? null : commandId.getBytes(UTF_8), event);
    }

    @Override
    public CompletionStage<Void> publish(TrainingProgress progress) {
        return news.send(record(progress));
    }

    @Override
    public boolean announce(UUID command, byte[] progress) {
        try {
            ends.send(record(command.toString(), progress)).get();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        } catch (ExecutionException e) {
            if (isRefusal(e.getCause())) {
                refusedEnds.increment();
                LOG.warnf("the end of training command %s was refused: %s", command, Refusal.oneLine(e.getCause()));
                return false;
            }
            throw new KafkaException("the broker did not take the progress of " + command, e.getCause());
        }
    }

    /** The failure of the broker or its client, which a channel wraps in one of its own. */
    static Throwable reason(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(MOST_CAUSES)
                .filter(KafkaException.class::isInstance)
                .findFirst()
                .orElse(failure);
    }

    /** Whether the broker would refuse the same record again. */
    static boolean isRefusal(Throwable reason) {
        return reason instanceof RecordTooLargeException || reason instanceof InvalidRecordException;
    }
}
