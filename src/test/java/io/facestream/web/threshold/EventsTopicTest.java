package io.facestream.web.threshold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.embedded.TestServices;
import io.facestream.identities.Candidate;
import io.facestream.identities.Identification;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.web.ProblemException;
import io.facestream.web.live.LiveRecords;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faces of the last days, from a real broker. */
class EventsTopicTest {
    private static final String VERSION = "mobilefacenet-1";

    private final String camera = "camera-" + UUID.randomUUID();
    private final UUID person = UUID.randomUUID();
    private KafkaProducer<byte[], byte[]> producer;
    private EventsTopic events;

    @BeforeEach
    void connect() {
        String broker = TestServices.kafka().bootstrapServers();
        TopicAdmin.ensure(KafkaConnection.to(broker), new TestTopicsConfig(1, true), List.of(Topic.IDENTITY_EVENTS));
        producer = KafkaConnection.to(broker).producer(Map.of());
        events = at(broker);
    }

    private static EventsTopic at(String broker) {
        return new EventsTopic(
                new SmallRyeConfigBuilder()
                        .withDefaultValue("kafka.bootstrap.servers", broker)
                        .build(),
                Duration.ofMinutes(2));
    }

    @AfterEach
    void close() {
        producer.close();
    }

    private void see(float distance, Identification.Reason reason, int times) {
        new LiveRecords(producer)
                .recognise(
                        camera,
                        Instant.now(),
                        new IdentityEvent.Judgement(
                                Identification.Decision.UNKNOWN,
                                reason,
                                null,
                                null,
                                null,
                                distance,
                                null,
                                null,
                                1f,
                                0.05f,
                                List.of(
                                        new Candidate(person, "Grace", distance, 0),
                                        new Candidate(UUID.randomUUID(), "Eileen", 1.9f, 0))),
                        times);
    }

    private List<SeenFace> faces(Seen seen) {
        return seen.faces().stream()
                .filter(face -> face.camera().equals(camera))
                .toList();
    }

    @Test
    void aFaceIsReadWithTheDistancesThatItsDecisionRestedOn() {
        see(1.1f, null, 1);

        Seen seen = events.read(new EventsTopic.Question(1, VERSION, 1.2f));

        assertThat(faces(seen)).singleElement().satisfies(face -> {
            assertThat(face.nearest()).isEqualTo(person);
            assertThat(face.distance()).isEqualTo(1.1f);
            assertThat(face.next()).isEqualTo(1.9f);
        });
    }

    @Test
    void aFaceThatNoTargetNamesIsCountedOnly() {
        see(1.3f, null, 1);

        Seen seen = events.read(new EventsTopic.Question(1, VERSION, 1.2f));

        assertThat(faces(seen)).isEmpty();
        assertThat(seen.read()).isPositive();
    }

    @Test
    void aFaceThatIsTooPoorIsCountedApart() {
        see(1.1f, Identification.Reason.TOO_SMALL, 1);

        Seen seen = events.read(new EventsTopic.Question(1, VERSION, 1.2f));

        assertThat(faces(seen)).isEmpty();
        assertThat(seen.poor()).isPositive();
    }

    @Test
    void distancesOfAnotherVersionAreLeftOut() {
        see(1.1f, null, 1);

        Seen seen = events.read(new EventsTopic.Question(1, "tuned-2", 1.2f));

        assertThat(seen.faces()).isEmpty();
        assertThat(seen.otherVersion()).isEqualTo(seen.read()).isPositive();
    }

    @Test
    void allFacesAreReadWhereTheyAreMoreThanAreReadAtOnce() {
        see(1.1f, null, 1);
        see(1.15f, null, EventsTopic.RECORDS_AT_ONCE + 10);
        see(1.1f, null, 1);

        Seen seen = events.read(new EventsTopic.Question(1, VERSION, 1.2f));

        assertThat(faces(seen).size()).isEqualTo(EventsTopic.RECORDS_AT_ONCE + 12);
        assertThat(seen.since()).isBefore(Instant.now().minus(Duration.ofHours(23)));
    }

    @Test
    void aBrokerThatDoesNotAnswerIsAProblemOfItsOwn() {
        assertThatThrownBy(() -> at("localhost:1").read(new EventsTopic.Question(1, VERSION, 1.2f)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo("no-broker"));
    }
}
