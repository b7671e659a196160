package io.facestream.gallery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.SyntheticPictures;
import io.facestream.embedded.TestServices;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.ChipPng;
import io.facestream.frames.Picture;
import io.facestream.frames.TestPictures;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.ReleaseTopic;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicsConfig;
import io.facestream.models.Calibration;
import io.facestream.models.ModelCandidate;
import io.facestream.models.ModelMetrics;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.ModelVersion.Status;
import io.facestream.models.Promotion;
import io.facestream.models.TestNetworks;
import io.facestream.models.VersionChanges;
import io.facestream.networks.ComputeDevice;
import java.awt.Color;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * On a database of its own, with chips that no camera took, and a small network in the shipped one's place: what a
 * network makes of them does not matter here.
 */
class ModelReleasesTest {
    private static final TestGallery GALLERY = TestGallery.of(ModelReleasesTest.class);
    private static final String SHIPPED = "mobilefacenet-1";
    private static final Map<Integer, byte[]> CHIPS = new ConcurrentHashMap<>();
    private static final byte[] SMALL = TestNetworks.small();
    private static final byte[] REVERSED = TestNetworks.reversed(SMALL);

    private final ModelRegistry registry = new ModelRegistry(GALLERY.dataSource());
    private final VersionChanges changes = new VersionChanges(GALLERY.dataSource());
    private final ReleaseTopic topic =
            new ReleaseTopic(KafkaConnection.to(TestServices.kafka().bootstrapServers()), new Topics());
    private final ModelReleases releases = new ModelReleases(GALLERY.dataSource(), ComputeDevice.CPU, topic);

    /** The defaults. */
    private record Topics() implements TopicsConfig {
        @Override
        public int partitions() {
            return 6;
        }

        @Override
        public boolean create() {
            return true;
        }
    }

    @BeforeEach
    void enrolTenPeople() throws Exception {
        GALLERY.renew();
        GALLERY.replaceWeights(SHIPPED, SMALL);
        List<UUID> people = GALLERY.addPeople(10);
        try (Connection connection = GALLERY.dataSource().getConnection()) {
            for (int i = 0; i < 100; i++) {
                enrol(connection, people.get(i % 10), i, List.of(), true, false);
            }
        }
        releases.complete(registry.active(), ReembeddingProgress.NONE);
    }

    /** As enrolment does it, with embeddings under those versions. */
    private static void enrol(UUID person, int seed, List<String> versions, boolean enrolled) throws SQLException {
        enrol(person, seed, versions, enrolled, false);
    }

    private static boolean enrol(
            UUID person, int seed, List<String> versions, boolean enrolled, boolean unlessVersionsChanged)
            throws SQLException {
        try (Connection connection = GALLERY.dataSource().getConnection()) {
            return enrol(connection, person, seed, versions, enrolled, unlessVersionsChanged);
        }
    }

    private static boolean enrol(
            Connection connection,
            UUID person,
            int seed,
            List<String> versions,
            boolean enrolled,
            boolean unlessVersionsChanged)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                        insert into facestream.face_sample (identity_id, sha256, chip, enrolled, quality, source_topic,
                            source_partition, source_offset)
                        values (?, sha256(?), ?, ?, '{}', 'labelled-faces', 0, ?) returning id""")) {
            connection.setAutoCommit(false);
            try (Statement lock = connection.createStatement()) {
                lock.execute("select pg_advisory_xact_lock_shared(" + ModelRegistry.VERSIONS_LOCK + ")");
                List<String> live = TestGallery.query(
                        connection,
                        "select version from facestream.model_version where " + ModelRegistry.LIVE
                                + " order by created_at, version");
                if (unlessVersionsChanged && !live.equals(versions)) {
                    return false;
                }
                lock.execute("select 1 from facestream.identity where id = '" + person + "' for no key update");
            }
            byte[] chip = chip(seed);
            insert.setObject(1, person);
            insert.setBytes(2, chip);
            insert.setBytes(3, chip);
            insert.setBoolean(4, enrolled);
            insert.setInt(5, seed);
            String sample;
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                sample = row.getString(1);
            }
            try (Statement statement = connection.createStatement()) {
                for (String version : versions) {
                    statement.execute(
                            "insert into facestream.face_embedding values ('" + version + "', '" + sample + "', '"
                                    + TestGallery.text(TestGallery.randomUnitVector(192, new Random(seed))) + "', 70)");
                }
                statement.execute("select facestream.compute_templates(array['" + person + "'::uuid])");
            }
            connection.commit();
            return true;
        }
    }

    private static byte[] chip(int seed) {
        return CHIPS.computeIfAbsent(seed, s -> {
            try (Picture picture = SyntheticPictures.noise(160, 160, s)) {
                return ChipPng.encode(picture);
            }
        });
    }

    private static UUID anybody() throws SQLException {
        return UUID.fromString(
                GALLERY.query("select id from facestream.identity limit 1").get(0));
    }

    private static List<String> statuses() throws SQLException {
        return GALLERY.query("select version, status from facestream.model_version order by version");
    }

    private static String missing(String version) throws SQLException {
        return GALLERY.query("select samples, templates from facestream.missing_under('" + version + "')")
                .get(0);
    }

    private ModelVersion publish() throws SQLException {
        return releases.publish(TestNetworks.candidate("reversed", REVERSED), ReembeddingProgress.NONE);
    }

    @Test
    void aCandidateHasTheWholeGalleryUnderItAndThePublishedWeights() throws Exception {
        List<Long> done = new ArrayList<>();

        ModelVersion version = releases.publish(TestNetworks.candidate("reversed", REVERSED), (samples, all) -> {
            assertThat(all).isEqualTo(100);
            done.add(samples);
        });

        assertThat(done).containsExactly(0L, 64L, 100L);
        assertThat(version.version()).isEqualTo("reversed-1");
        assertThat(version.dimensions()).isEqualTo(192);
        assertThat(registry.weights(version)).isEqualTo(REVERSED);
        assertThat(statuses()).containsExactly(SHIPPED + " active", "reversed-1 candidate");
        assertThat(missing("reversed-1")).isEqualTo("0 0");
        assertThat(GALLERY.query("select count(*) from facestream.face_embedding a join facestream.face_embedding b"
                        + " using (sample_id) where a.model_version = '" + SHIPPED
                        + "' and b.model_version = 'reversed-1' and abs(a.norm - b.norm) < 0.01"))
                .containsExactly("100");
    }

    @Test
    void templatesAreMeansOfTheMirrorAveragedSamples() throws Exception {
        ModelVersion version = publish();

        try (Recognition recognition = Recognition.load(registry, version, ComputeDevice.CPU)) {
            List<Embedding> samples = new ArrayList<>();
            for (int i = 0; i < 100; i += 10) {
                try (Picture picture = SyntheticPictures.noise(160, 160, i)) {
                    samples.addAll(recognition.embed(List.of(picture)));
                }
            }
            assertThat(GALLERY.query("select t.samples, t.embedding <-> '"
                            + TestGallery.text(Embedding.mean(samples).vector())
                            + "' < 1e-3 from facestream.template t join facestream.identity i on i.id = t.identity_id"
                            + " where i.name = 'person 0' and t.model_version = 'reversed-1'"))
                    .containsExactly("10 t");
        }
    }

    @Test
    void versionsOfAnArchitectureAreNumbered() throws Exception {
        assertThat(changes.add(TestNetworks.candidate("mobilefacenet", REVERSED))
                        .version())
                .isEqualTo("mobilefacenet-2");
        assertThat(changes.add(TestNetworks.candidate("mobilefacenet", REVERSED))
                        .version())
                .isEqualTo("mobilefacenet-3");
        assertThat(changes.add(TestNetworks.candidate("mobile", REVERSED)).version())
                .isEqualTo("mobile-1");
    }

    @Test
    void aTrainingCommandPublishesOneVersionHoweverOftenItRuns() throws Exception {
        UUID command = UUID.randomUUID();
        GALLERY.execute("insert into facestream.training_command (id, command) values ('" + command + "', '{}')");
        ModelMetrics metrics = new ModelMetrics(
                List.of(new ModelMetrics.Epoch(1, 0.1, 0.2, 0.5, 1.3, null, 40, null, null)), null, null);
        ModelCandidate candidate = new ModelCandidate(
                "mobilefacenet", 112, true, 1.1f, 0.05f, Calibration.NONE, metrics, SHIPPED, command, REVERSED);

        ModelVersion first = changes.add(candidate);
        ModelVersion second = changes.add(candidate);

        assertThat(second).isEqualTo(first);
        assertThat(registry.ofTrainingCommand(command)).contains(first);
        assertThat(registry.require(first.version()).metrics()).isEqualTo(metrics);
        assertThat(registry.require(first.version()).parent()).isEqualTo(SHIPPED);
    }

    @Test
    void aPromotionIsRefusedWhileASampleIsMissingAndDoneOnceItIsEmbedded() throws Exception {
        publish();
        enrol(anybody(), 1000, List.of(SHIPPED), true);
        enrol(anybody(), 1001, List.of(SHIPPED), false);

        assertThat(changes.promote("reversed-1")).isInstanceOfSatisfying(Promotion.Incomplete.class, incomplete -> {
            assertThat(incomplete.samples()).isEqualTo(2);
            assertThat(incomplete.templates()).isEqualTo(1);
        });
        assertThat(registry.active().version()).isEqualTo(SHIPPED);

        assertThat(releases.promote("reversed-1", ReembeddingProgress.NONE).status())
                .isEqualTo(Status.ACTIVE);
        assertThat(missing("reversed-1")).isEqualTo("0 0");
        assertThat(statuses()).containsExactly(SHIPPED + " standby", "reversed-1 active");
    }

    @Test
    void aMissingTemplateAloneRefusesAPromotionToo() throws Exception {
        publish();
        GALLERY.execute("delete from facestream.template where model_version = 'reversed-1' and identity_id = '"
                + anybody() + "'");

        assertThat(changes.promote("reversed-1"))
                .isInstanceOfSatisfying(Promotion.Incomplete.class, incomplete -> assertThat(incomplete.templates())
                        .isEqualTo(1));
        releases.promote("reversed-1", ReembeddingProgress.NONE);
        assertThat(missing("reversed-1")).isEqualTo("0 0");
    }

    @Test
    void aSampleThatCannotBeEmbeddedRefusesThePromotionByName() throws Exception {
        publish();
        GALLERY.addSample(UUID.randomUUID(), anybody(), "no chip".getBytes(UTF_8));

        assertThatThrownBy(() -> releases.promote("reversed-1", ReembeddingProgress.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the stored chip of sample")
                .hasMessageContaining("enrol its photo again");
        assertThat(registry.active().version()).isEqualTo(SHIPPED);
    }

    /** Weights that passed the probe do so for good; these take their place behind its back. */
    @Test
    void aChipOfWhichTheNetworkYieldsNoEmbeddingIsNamed() throws Exception {
        publish();
        GALLERY.replaceWeights("reversed-1", TestNetworks.zeroForBlack(SMALL));
        byte[] black = TestPictures.encode(TestPictures.halves(160, 160, Color.BLACK, Color.BLACK), "png");
        UUID sample = UUID.randomUUID();
        GALLERY.addSample(sample, anybody(), black);

        assertThatThrownBy(() -> releases.promote("reversed-1", ReembeddingProgress.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sample " + sample + ": ")
                .hasMessageContaining("delete the sample if its chip is not a face, or retire the version");
    }

    @Test
    void rollingBackLeadsToTheVersionBeforeAndNoFurther() throws Exception {
        publish();
        releases.promote("reversed-1", ReembeddingProgress.NONE);

        assertThat(releases.rollBack(ReembeddingProgress.NONE).version()).isEqualTo(SHIPPED);

        assertThat(statuses()).containsExactly(SHIPPED + " active", "reversed-1 standby");
        assertThatThrownBy(() -> releases.rollBack(ReembeddingProgress.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing to roll back to");
        assertThat(releases.promote("reversed-1", ReembeddingProgress.NONE).version())
                .isEqualTo("reversed-1");
    }

    @Test
    void rollingBackToWhereItLedOnceIsDoneOnceHoweverOftenItIsAskedFor() throws Exception {
        publish();
        releases.promote("reversed-1", ReembeddingProgress.NONE);
        String predecessor = releases.predecessor();

        for (int i = 0; i < 2; i++) {
            assertThat(releases.rollBackTo(predecessor, ReembeddingProgress.NONE)
                            .version())
                    .isEqualTo(SHIPPED);
        }

        assertThat(statuses()).containsExactly(SHIPPED + " active", "reversed-1 standby");
        assertThatThrownBy(releases::predecessor)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing to roll back to");
    }

    @Test
    void aRetiredVersionIsNeitherPromotedNorEmbeddedUnder() throws Exception {
        ModelVersion version = publish();
        changes.retire("reversed-1");

        assertThatThrownBy(() -> releases.promote("reversed-1", ReembeddingProgress.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reversed-1 is retired");
        enrol(anybody(), 1000, List.of(SHIPPED), true);
        assertThatThrownBy(() -> releases.complete(version, ReembeddingProgress.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was retired");
        assertThat(registry.active().version()).isEqualTo(SHIPPED);
    }

    @Test
    void theActiveVersionCannotBeRetiredAndOneThatIsNotThereCannotBeAnything() {
        assertThatThrownBy(() -> releases.retire(SHIPPED)).hasMessageContaining("is active: promote another");
        for (String version : List.of("no-such-1", "No Such", "")) {
            assertThatThrownBy(() -> releases.promote(version, ReembeddingProgress.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("there is no model version " + version);
        }
    }

    @Test
    void aCandidateThatWasNeverActiveIsRemovedAtOnceWhenItIsRetired() throws Exception {
        publish();

        releases.retire("reversed-1");

        assertThat(GALLERY.query("select 1 from pg_tables where schemaname = 'facestream' and tablename in ("
                        + "facestream.partition_name('template', 'reversed-1'),"
                        + " facestream.partition_name('face_embedding', 'reversed-1'))"))
                .isEmpty();
        assertThat(GALLERY.query("select 1 from facestream.model_weights where version = 'reversed-1'"))
                .isEmpty();
        assertThat(registry.find("reversed-1")).isPresent();
        assertThat(registry.findSearchable("reversed-1")).isEmpty();
        assertThat(publish().version()).isEqualTo("reversed-2");
    }

    @Test
    void aVersionThatWasActiveStaysSearchableUntilNoEmbeddingByItCanBeOnItsWay() throws Exception {
        publish();
        releases.promote("reversed-1", ReembeddingProgress.NONE);
        releases.rollBack(ReembeddingProgress.NONE);

        releases.retire("reversed-1");
        assertThat(registry.findSearchable("reversed-1")).isPresent();
        assertThat(GALLERY.query("select count(*) from facestream.template where model_version = 'reversed-1'"))
                .containsExactly("10");

        GALLERY.execute("update facestream.model_version set retired_at = now() - interval '27 hours'"
                + " where version = 'reversed-1'");
        releases.retire("reversed-1");
        assertThat(registry.findSearchable("reversed-1")).isEmpty();
        assertThat(GALLERY.query("select count(*) from facestream.template where model_version = 'reversed-1'"))
                .containsExactly("0");
    }

    @Test
    void ofTwoPromotionsAtOnceBothAreDoneOneAfterTheOther() throws Exception {
        publish();
        releases.publish(TestNetworks.candidate("second", REVERSED), ReembeddingProgress.NONE);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<ModelVersion>> promotions = new ArrayList<>();
            for (String version : List.of("reversed-1", "second-1", "reversed-1", "second-1")) {
                promotions.add(threads.submit(() -> releases.promote(version, ReembeddingProgress.NONE)));
            }
            for (Future<ModelVersion> promotion : promotions) {
                assertThat(promotion.get().status()).isEqualTo(Status.ACTIVE);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(GALLERY.query("select count(*) from facestream.model_version where status = 'active'"))
                .containsExactly("1");
        assertThat(GALLERY.query("select count(*) from facestream.model_version where status = 'standby'"))
                .containsExactly("2");
    }

    @Test
    void whatWasEmbeddedBeforeACrashIsNotEmbeddedAgain() throws Exception {
        ModelCandidate candidate = TestNetworks.candidate("reversed", REVERSED);
        assertThatThrownBy(() -> releases.publish(candidate, (done, all) -> {
                    if (done > 0) {
                        throw new IllegalStateException("as if the process had been killed");
                    }
                }))
                .hasMessageContaining("killed");
        assertThat(registry.active().version()).isEqualTo(SHIPPED);
        assertThat(missing("reversed-1")).startsWith("36 ");
        List<String> before = GALLERY.query(
                "select xmin, sample_id from facestream.face_embedding where model_version = 'reversed-1' order by 2");

        List<Long> toDo = new ArrayList<>();
        releases.complete(registry.find("reversed-1").orElseThrow(), (done, all) -> toDo.add(all));

        assertThat(toDo).containsExactly(36L, 36L);
        assertThat(missing("reversed-1")).isEqualTo("0 0");
        assertThat(GALLERY.query("select xmin, sample_id from facestream.face_embedding"
                        + " where model_version = 'reversed-1' order by 2"))
                .containsAll(before);
    }

    /** People are enrolled all the while, as enrolment does it: under the versions that are live when it writes. */
    @Test
    void nothingIsMissingOfWhatWasEnrolledDuringPublishingAndPromotion() throws Exception {
        CompletableFuture<Void> published = new CompletableFuture<>();
        ExecutorService enrolment = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> enrolled = enrolment.submit(() -> {
                int count = 0;
                while (!published.isDone()) {
                    if (enrolUnlessChanged(anybody(), 1000 + count)) {
                        count++;
                    }
                }
                return count;
            });
            publish();
            assertThat(releases.promote("reversed-1", ReembeddingProgress.NONE).status())
                    .isEqualTo(Status.ACTIVE);
            published.complete(null);
            assertThat(enrolled.get()).isPositive();
        } finally {
            published.complete(null);
            enrolment.shutdown();
        }
        assertThat(missing("reversed-1")).isEqualTo("0 0");
        assertThat(missing(SHIPPED)).isEqualTo("0 0");
    }

    private boolean enrolUnlessChanged(UUID person, int seed) throws SQLException {
        List<String> versions =
                registry.live().stream().map(ModelVersion::version).toList();
        return enrol(person, seed, versions, true, true);
    }

    @Test
    void aPromotionIsAnnouncedAfterItsCommit() throws Exception {
        publish();

        releases.promote("reversed-1", ReembeddingProgress.NONE);

        try (KafkaConsumer<byte[], byte[]> reader =
                KafkaConnection.to(TestServices.kafka().bootstrapServers()).consumer(Map.of())) {
            TopicPartition all = new TopicPartition(Topic.MODEL_RELEASES.topicName(), 0);
            reader.assign(List.of(all));
            reader.seek(all, reader.endOffsets(List.of(all)).get(all) - 1);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            reader.poll(Duration.ofSeconds(20)).forEach(records::add);
            assertThat(records).hasSize(1);
            assertThat(records.get(0).key()).asString().isEqualTo("reversed-1");
            assertThat(records.get(0).value())
                    .asString()
                    .contains("\"version\":\"reversed-1\"")
                    .contains("\"size\":" + REVERSED.length);
        }
    }

    @Test
    void aPromotionHoldsWhereNoBrokerCanBeToldOfIt() throws Exception {
        ModelReleases unheard = new ModelReleases(
                GALLERY.dataSource(),
                ComputeDevice.CPU,
                new ReleaseTopic(
                        new KafkaConnection(Map.of(
                                "bootstrap.servers", "127.0.0.1:9",
                                "request.timeout.ms", "500",
                                "default.api.timeout.ms", "1000")),
                        new Topics()));
        publish();

        assertThat(unheard.promote("reversed-1", ReembeddingProgress.NONE).version())
                .isEqualTo("reversed-1");
        assertThat(registry.active().version()).isEqualTo("reversed-1");
    }
}
