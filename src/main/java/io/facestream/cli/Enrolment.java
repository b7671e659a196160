package io.facestream.cli;

import io.facestream.gallery.EnrolmentAnswer;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Publishes labelled photos and waits until every one is answered. */
final class Enrolment {
    private static final Duration POLL = Duration.ofMillis(200);

    /** A photo takes well under a second; a service that is still starting takes some. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Settings settings;

    Enrolment(Settings settings) {
        this.settings = settings;
    }

    /** Somebody's photo, under a label that the answer is reported with. */
    record LabelledPhoto(String label, String name, byte[] bytes) {}

    /**
     * The answers by label, in the photos' order.
     *
     * @param progress is told each answer as it comes
     * @throws IllegalStateException if no answer comes for a minute
     */
    Map<String, EnrolmentAnswer> enrol(List<LabelledPhoto> photos, Consumer<EnrolmentAnswer> progress)
            throws RejectedException {
        Map<String, String> labels = new HashMap<>();
        Map<String, EnrolmentAnswer> answers = new LinkedHashMap<>();
        photos.forEach(photo -> answers.put(photo.label(), null));
        try (TopicFollower follower = new TopicFollower(settings, Topic.ENROLMENTS, TopicFollower.From.NOW);
                RecordPublisher publisher = new RecordPublisher(settings, Topic.LABELLED_FACES)) {
            for (LabelledPhoto photo : photos) {
                String id = UUID.randomUUID().toString();
                labels.put(id, photo.label());
                publisher.labelledFace(photo.name(), id, photo.bytes());
            }
            publisher.flush();
            long lastAnswer = System.nanoTime();
            while (!labels.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : follower.poll(POLL)) {
                    if (!CloudEventRecords.require(record).getType().equals(EnrolmentAnswer.TYPE)) {
                        continue;
                    }
                    EnrolmentAnswer answer = Json.read(record.value(), EnrolmentAnswer.class);
                    String label = labels.remove(answer.photoId());
                    if (label != null) {
                        answers.put(label, answer);
                        progress.accept(answer);
                        lastAnswer = System.nanoTime();
                    }
                }
                if (System.nanoTime() - lastAnswer > SILENCE.toNanos()) {
                    throw new IllegalStateException(
                            labels.size() + " of " + photos.size() + " photos were not answered for "
                                    + SILENCE.toSeconds() + " s: is the role `enrolment` running?");
                }
            }
        }
        return answers;
    }
}
