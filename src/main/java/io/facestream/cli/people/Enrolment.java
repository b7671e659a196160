package io.facestream.cli.people;

import io.facestream.cli.terminal.Failures;
import io.facestream.cli.topics.RecordPublisher;
import io.facestream.cli.topics.TopicFollower;
import io.facestream.configuration.Settings;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Publishes labelled photos and waits until every one is answered. */
public final class Enrolment {
    private static final Duration POLL = Duration.ofMillis(200);

    /** A photo takes well under a second; this leaves time for a service that is still starting. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Settings settings;
    private final String accept;

    /** @param accept reasons to ignore when enrolling, in the format of the record's header; empty for none */
    public Enrolment(Settings settings, String accept) {
        this.settings = settings;
        this.accept = accept;
    }

    /** Reads a photo's bytes when its turn comes. */
    public interface Source {
        /** @throws RejectedException if the photo must not be published */
        byte[] read() throws RejectedException, IOException;
    }

    /** A photo and the person it shows. */
    public record LabelledPhoto(String label, String name, Source source) {}

    /**
     * The outcome for a photo.
     *
     * @param answer null if there is none
     * @param fault why it was not published or not answered; null if it was answered
     */
    public record Result(LabelledPhoto photo, EnrolmentAnswer answer, String fault) {
        public boolean accepted() {
            return answer instanceof EnrolmentAnswer.Accepted;
        }
    }

    /**
     * Publishes the photos and returns the outcome for each, in their order.
     *
     * @param progress called for each outcome as it comes
     * @throws IllegalStateException if not a single answer comes within a minute
     */
    public List<Result> enrol(List<LabelledPhoto> photos, Runnable progress) throws RejectedException {
        Map<String, Integer> open = new HashMap<>();
        Result[] results = new Result[photos.size()];
        try (TopicFollower follower = new TopicFollower(settings, Topic.ENROLMENTS, TopicFollower.From.NOW);
                RecordPublisher publisher = new RecordPublisher(settings, Topic.LABELLED_FACES)) {
            for (int i = 0; i < results.length; i++) {
                LabelledPhoto photo = photos.get(i);
                try {
                    byte[] bytes = photo.source().read();
                    String id = UUID.randomUUID().toString();
                    publisher.labelledFace(photo.name(), id, bytes, accept);
                    open.put(id, i);
                } catch (RejectedException | IOException e) {
                    results[i] = new Result(photo, null, Failures.oneLine(e));
                    progress.run();
                }
            }
            publisher.flush();
            int published = open.size();
            long heard = System.nanoTime();
            while (!open.isEmpty() && System.nanoTime() - heard < SILENCE.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> record : follower.poll(POLL)) {
                    if (!CloudEventRecords.require(record).getType().equals(EnrolmentAnswer.TYPE)) {
                        continue;
                    }
                    EnrolmentAnswer answer = Json.read(record.value(), EnrolmentAnswer.class);
                    Integer i = open.remove(answer.photoId());
                    if (i != null) {
                        results[i] = new Result(photos.get(i), answer, null);
                        progress.run();
                        heard = System.nanoTime();
                    }
                }
            }
            unanswered(photos, open, published, results);
        }
        return new ArrayList<>(Arrays.asList(results));
    }

    private static void unanswered(
            List<LabelledPhoto> photos, Map<String, Integer> open, int published, Result[] results) {
        String silence = "not answered for " + SILENCE.toSeconds() + " s: is the role `enrolment` running?";
        if (!open.isEmpty() && open.size() == published) {
            throw new IllegalStateException(open.size() + " of " + photos.size() + " photos were " + silence);
        }
        open.values().forEach(i -> results[i] = new Result(photos.get(i), null, silence));
    }
}
