package io.facestream.bench;

import io.facestream.cli.people.Enrolment;
import io.facestream.cli.topics.RecordPublisher;
import io.facestream.cli.topics.TopicFollower;
import io.facestream.configuration.Settings;
import io.facestream.demo.SampleCamera;
import io.facestream.demo.SamplePeople;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How soon somebody has a name: the sample clip is played at 5 frames/s, one camera at a time, with its people
 * enrolled. The time of a visit is from when its first face was published until a message with a name was read.
 */
final class FirstNames {
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration FRAME = Duration.ofMillis(200);
    private static final Duration LAST = Duration.ofSeconds(3);

    private final Settings settings;
    private final String run;
    private final Set<String> named = new HashSet<>();
    private final List<Double> millis = new ArrayList<>();

    /** The time to a visit's first name. */
    record FirstName(int visits, double p50, double p95) {}

    /** @param run unique to this run */
    FirstNames(Settings settings, String run) {
        this.settings = settings;
        this.run = run;
    }

    /**
     * @param plays how often the clip is played, each time as a camera of its own
     * @throws IllegalStateException if the sample people could not be enrolled, or nobody was named
     */
    FirstName measure(int plays) throws RejectedException, InterruptedException {
        for (Enrolment.Result result : SamplePeople.enrol(settings)) {
            if (!result.accepted()) {
                throw new IllegalStateException(result.photo().name() + " was not enrolled");
            }
        }
        List<SampleCamera.Shot> shots;
        try (SampleCamera camera = new SampleCamera()) {
            shots = camera.shots().filter(shot -> shot.index() % 2 == 0).toList();
        }
        try (TopicFollower sightings = new TopicFollower(settings, Topic.SIGHTINGS, TopicFollower.From.NOW);
                RecordPublisher publisher = new RecordPublisher(settings, Topic.CAMERA_FRAMES)) {
            for (int play = 0; play < plays; play++) {
                play(run + "-visits-" + play, shots, publisher, sightings);
            }
        }
        if (millis.isEmpty()) {
            throw new IllegalStateException("nobody was named");
        }
        double[] all = millis.stream().mapToDouble(Double::doubleValue).toArray();
        return new FirstName(all.length, BenchReport.percentile(all, 0.5), BenchReport.percentile(all, 0.95));
    }

    private void play(String camera, List<SampleCamera.Shot> shots, RecordPublisher publisher, TopicFollower sightings)
            throws RejectedException {
        Instant due = Instant.now();
        for (SampleCamera.Shot shot : shots) {
            read(camera, sightings, due);
            publisher.frame(camera, camera + "-" + shot.index(), Instant.now(), shot.jpeg());
            due = due.plus(FRAME);
        }
        read(camera, sightings, due.plus(LAST));
    }

    private void read(String camera, TopicFollower sightings, Instant until) throws RejectedException {
        do {
            for (ConsumerRecord<byte[], byte[]> record : sightings.poll(POLL)) {
                if (CloudEventRecords.require(record).getType().equals(Sighting.TYPE)) {
                    note(camera, Json.read(record.value(), Sighting.class));
                }
            }
        } while (Instant.now().isBefore(until));
    }

    private void note(String camera, Sighting sighting) {
        if (sighting.camera().equals(camera)
                && sighting.subject().identityId() != null
                && named.add(sighting.sightingId())) {
            millis.add((double)
                    Duration.between(sighting.firstSeen(), Instant.now()).toMillis());
        }
    }
}
