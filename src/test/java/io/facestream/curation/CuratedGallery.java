package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.enrolment.EnrolmentConfig;
import io.facestream.enrolment.QualityGate;
import io.facestream.gallery.LiveNetworks;
import io.facestream.gallery.TestGallery;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelRegistry;
import io.facestream.networks.ComputeDevice;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.common.KafkaException;

/** A gallery with two model versions, and a worker on it that has the rights of the role and no others. */
final class CuratedGallery {
    static final CurationConfig CONFIG = new TestConfig();

    /** Keeps strangers for 30 days. */
    static final StrangersConfig STRANGERS = new SmallRyeConfigBuilder()
            .withConverter(Duration.class, 200, new DurationConverter())
            .withMapping(StrangersConfig.class)
            .withDefaultValue("facestream.strangers.keep", "P30D")
            .withDefaultValue("facestream.strangers.threshold", "0.4")
            .build()
            .getConfigMapping(StrangersConfig.class);

    /** Templates that are not the normalised mean of their person's vectors, or are missing. */
    static final String WRONG_TEMPLATES =
            """
            select coalesce(t.identity_id, m.identity_id), coalesce(t.model_version, m.model_version)
            from facestream.template t full join (
                select s.identity_id, e.model_version, l2_normalize(avg(e.embedding)) as mean, count(*) as samples
                from facestream.face_sample s join facestream.face_embedding e on e.sample_id = s.id
                group by 1, 2) m on m.identity_id = t.identity_id and m.model_version = t.model_version
            where t.embedding is null or m.mean is null or t.embedding <-> m.mean > 1e-6
                or t.samples <> m.samples""";

    static final CurationMetrics METRICS = new CurationMetrics(new SimpleMeterRegistry());

    private final TestGallery gallery;
    private final CommandStore store;
    private final CommandFaces faces;
    private final List<UUID> published = new ArrayList<>();
    private final CurationWorker worker;
    private final List<GalleryEvent> verified = new ArrayList<>();
    private final Verification verification;
    private List<HeldTopic> topics = List.of();
    private boolean gone;

    CuratedGallery(TestGallery gallery) throws SQLException {
        this.gallery = gallery;
        gallery.renewSchema();
        gallery.addTwoVersions();
        var asRole = gallery.as("facestream_curation");
        store = new CommandStore(asRole, "worker", Duration.ofSeconds(30));
        verification = new Verification(
                new ReceiptStore(asRole),
                new TestTopics(),
                (erasure, event) -> verified.add(read(event)),
                METRICS,
                Duration.ZERO);
        faces = new CommandFaces(
                asRole,
                new FaceChips(
                        () -> {
                            throw new KafkaException("there is no broker");
                        },
                        new LiveNetworks(new ModelRegistry(asRole), ComputeDevice.CPU)),
                new QualityGate(new SmallRyeConfigBuilder()
                        .withMapping(EnrolmentConfig.class)
                        .build()
                        .getConfigMapping(EnrolmentConfig.class)));
        worker = new CurationWorker(
                asRole,
                store,
                faces,
                (command, answer) -> published.add(command),
                verification,
                CONFIG,
                Duration.ofDays(90),
                METRICS,
                new StrangerKeeping(null, STRANGERS));
    }

    private final class TestTopics implements HeldTopics {
        @Override
        public List<HeldTopic> ask() {
            return topics;
        }

        @Override
        public List<HeldTopic> look(List<HeldTopic> held, Instant visitsEnded) {
            return gone ? held.stream().map(topic -> topic.gone(Instant.EPOCH)).toList() : held;
        }
    }

    /** What topics hold from now on. */
    void topics(List<HeldTopic> topics) {
        this.topics = topics;
    }

    /** Topics have deleted what they held. */
    void deleteFromTopics() {
        gone = true;
    }

    /** One that finds nobody on topics. */
    static Verification withoutTopics(DataSource asRole) {
        HeldTopics none = new HeldTopics() {
            @Override
            public List<HeldTopic> ask() {
                return List.of();
            }

            @Override
            public List<HeldTopic> look(List<HeldTopic> held, Instant visitsEnded) {
                return held;
            }
        };
        return new Verification(new ReceiptStore(asRole), none, (erasure, event) -> {}, METRICS, Duration.ZERO);
    }

    Verification verification() {
        return verification;
    }

    /** The events that say of an erasure that it is verified, in order. */
    List<GalleryEvent> verified() {
        return verified;
    }

    static GalleryEvent read(byte[] json) {
        try {
            return Json.read(json, GalleryEvent.class);
        } catch (RejectedException e) {
            throw new IllegalStateException(e);
        }
    }

    CommandStore store() {
        return store;
    }

    /** Of commands about faces, which need a broker. */
    CommandFaces faces() {
        return faces;
    }

    CurationWorker worker() {
        return worker;
    }

    /** Whose answers were published, in order. */
    List<UUID> published() {
        return published;
    }

    /** A person with photos, numbered from there on, which also say where their points are. */
    UUID person(String name, int photos, int first) throws SQLException {
        return gallery.addPerson(name, photos, first);
    }

    List<UUID> samples(UUID person) throws SQLException {
        return gallery
                .query("select id from facestream.face_sample where identity_id = '" + person
                        + "' order by source_offset")
                .stream()
                .map(UUID::fromString)
                .toList();
    }

    /** The people that SQL readers see, with their numbers of photos, by name. */
    List<String> people() throws SQLException {
        return gallery.query("select name, samples from facestream.gallery order by name");
    }

    /** Whether each template is the normalised mean of its person's vectors, and everybody with photos has one. */
    List<String> wrongTemplates() throws SQLException {
        return gallery.query(WRONG_TEMPLATES);
    }

    /** Stores a command, has it done, and returns its answer. */
    GalleryEvent ask(GalleryCommand command) throws Exception {
        store.store(command, "a test");
        while (worker.work()) {}
        return answer(command.commandId());
    }

    /** Has a command done, which leaves each template the mean of its photos, and returns its answer. */
    GalleryEvent done(GalleryCommand command) throws Exception {
        GalleryEvent answer = ask(command);
        assertThat(answer.state()).as("%s", answer).isEqualTo(GalleryEvent.State.DONE);
        assertThat(wrongTemplates()).isEmpty();
        return answer;
    }

    /** A command is rejected for that reason, and says why; people are as before. */
    void rejected(GalleryCommand command, String reason) throws Exception {
        List<String> before = people();
        GalleryEvent answer = ask(command);
        assertThat(answer.state()).as("%s", answer).isEqualTo(GalleryEvent.State.REJECTED);
        assertThat(answer.reason()).isEqualTo(reason);
        assertThat(answer.message()).isNotBlank();
        assertThat(people()).isEqualTo(before);
    }

    GalleryEvent answer(UUID command) throws Exception {
        String json = gallery.query("select answer from facestream.gallery_command where id = '" + command + "'")
                .get(0);
        return Json.read(json.getBytes(UTF_8), GalleryEvent.class);
    }

    private record TestConfig() implements CurationConfig {
        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public int loops() {
            return 1;
        }

        @Override
        public int maxPollRecords() {
            return 10;
        }

        @Override
        public Duration interval() {
            return Duration.ofMillis(50);
        }

        @Override
        public Duration lease() {
            return Duration.ofSeconds(30);
        }

        @Override
        public Duration keep() {
            return Duration.ofDays(7);
        }
    }
}
