package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.curation.message.GalleryCommand.Erase;
import io.facestream.curation.message.GalleryCommand.Tag;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.embedded.ForgetfulKafka;
import io.facestream.embedded.TestServices;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Topic;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The bytes of somebody's photos, chips, vectors, names and ids are searched for in every column of every table, and in
 * every file of a broker that forgets within seconds: they are there before the erasure, and nowhere once it is
 * verified.
 */
class ErasureProofTest {
    private static final TestGallery DATABASE = TestGallery.of(ErasureProofTest.class);
    private static final String CHANGELOG = "facestream-sightings-visits-changelog";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Of a second: what brokers and the role wait beyond the topics' settings. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    /**
     * Where ids may stand, which mean nothing any more: in what keeps the erased from coming back, in what shows that
     * the erasure is complete, and in the append-only trail where strangers were kept, who have no name to make an HMAC
     * of. Answers to commands have them too, until facestream.curation.keep is over, and the planner's samples of
     * tables that became empty. Nothing else of the person stays.
     */
    private static final Set<String> MAY_HAVE_IDS = Set.of(
            "facestream.erased_identity.id", "facestream.erasure_receipt.people", "facestream.audit_trail.detail");

    /** Of the receipt's tables: a stranger who turned out to be a person has a template as a person only. */
    private static final Set<String> NONE = Set.of("stranger_chip", "stranger_embedding", "stranger_template");

    /** Too large for a row, so that it lies in TOAST, and not to be compressed. */
    private static final int PHOTO_BYTES = 50_000;

    private static Path folder;
    private static ForgetfulKafka kafka;

    private final byte[] photo = new byte[PHOTO_BYTES];
    private final byte[] shot = new byte[PHOTO_BYTES];
    private FullHistory history;
    private ByteSearch search;

    @BeforeAll
    static void start() throws Exception {
        folder = TestServices.newFolder();
        kafka = ForgetfulKafka.start(folder);
        try (Admin admin = kafka.connection().admin()) {
            Stream<NewTopic> deleted = Topic.holdingPeople().stream().map(topic -> topic(topic, Map.of()));
            Stream<NewTopic> compacted = Stream.of(topic(
                    CHANGELOG,
                    Map.of("cleanup.policy", "compact", "min.compaction.lag.ms", "86400000", "segment.ms", "1000")));
            admin.createTopics(Stream.concat(deleted, compacted).toList()).all().get();
        }
    }

    private static NewTopic topic(String name, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("message.timestamp.type", "LogAppendTime");
        return new NewTopic(name, Optional.of(1), Optional.of((short) 1)).configs(all);
    }

    /** From now on topics keep records for some seconds only. */
    private static void letTopicsForget() throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (String topic : Topic.holdingPeople()) {
            changes.put(
                    new ConfigResource(ConfigResource.Type.TOPIC, topic),
                    set(Map.of("retention.ms", "2000", "segment.ms", "1000")));
        }
        changes.put(
                new ConfigResource(ConfigResource.Type.TOPIC, CHANGELOG),
                set(Map.of(
                        "min.compaction.lag.ms", "0",
                        "max.compaction.lag.ms", "2000",
                        "min.cleanable.dirty.ratio", "0",
                        "delete.retention.ms", "1000")));
        try (Admin admin = kafka.connection().admin()) {
            admin.incrementalAlterConfigs(changes).all().get();
        }
    }

    private static List<AlterConfigOp> set(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
    }

    @BeforeEach
    void begin() throws Exception {
        DATABASE.renew();
        history = new FullHistory(DATABASE, kafka.connection());
    }

    @AfterEach
    void end() {
        history.close();
    }

    @AfterAll
    static void stop() {
        kafka.close();
        TestServices.delete(folder);
    }

    @Test
    void onceAnErasureIsVerifiedNoTableAndNoFileHasThePersonsBytes() throws Exception {
        Random random = new Random(7);
        random.nextBytes(photo);
        random.nextBytes(shot);
        UUID person = history.make(photo, shot);
        DATABASE.execute("analyze");
        search = new ByteSearch(DATABASE, folder);
        wanted();
        fillTopics();
        Map<String, Set<String>> tables = search.inTables();
        assertThat(tables).as("in tables").containsOnlyKeys(search.all());
        Map<String, Set<String>> files = search.inFiles();
        assertThat(files).as("in files").containsOnlyKeys(search.all());
        assertThat(files.values().stream().flatMap(Set::stream))
                .contains(CHANGELOG + "-0")
                .containsAll(Topic.holdingPeople().stream()
                        .map(topic -> topic + "-0")
                        .toList());
        System.out.printf(
                "%d texts and pictures are in %d columns of %d tables, and in files of %d logs%n",
                search.all().size(),
                tables.values().stream().flatMap(Set::stream).distinct().count(),
                search.tables(),
                files.values().stream().flatMap(Set::stream).distinct().count());

        GalleryEvent erased = history.ask(new Erase(UUID.randomUUID(), FullHistory.NAME, null, null));
        letTopicsForget();
        publish(CHANGELOG, "camera", "and the next".getBytes(UTF_8));

        assertThat(erased.state()).as("%s", erased).isEqualTo(GalleryEvent.State.DONE);
        assertThat(erased.erased()).allSatisfy(table -> {
            assertThat(table.remaining()).as(table.table()).isZero();
            assertThat(table.rows() > 0).as(table.table()).isEqualTo(!NONE.contains(table.table()));
        });
        System.out.println(erased.erased());
        for (String name : FullHistory.NAMES) {
            assertThat(DATABASE.query("select facestream.fenced(sha256('" + name + "')) > now()"))
                    .as(name)
                    .containsExactly("t");
        }
        assertThat(DATABASE.query("select status from facestream.model_version where version <> 'mobilefacenet-1'"))
                .containsExactly("retired", "retired");
        assertThat(history.ask(new Tag(UUID.randomUUID(), List.of(person.toString()), "late"))
                        .reason())
                .isEqualTo("erased");
        verify();

        assertThat(DATABASE.query("select name from facestream.people")).containsExactly("Ada Lovelace");
        history.store().expire(Duration.ZERO);
        Map<String, Set<String>> left = search.inTables();
        assertThat(left).allSatisfy((what, places) -> {
            assertThat(what).startsWith("id ");
            assertThat(places).allMatch(place -> MAY_HAVE_IDS.contains(place) || place.startsWith("pg_stats of "));
        });
        assertThat(search.inFiles()).as("in files").isEmpty();
        System.out.printf(
                "nothing of it is left in %d tables and %d files%n",
                search.tables(), search.files().size());
    }

    /** Lets the erasure be verified, as the role does, by vacuums of those tables that autovacuum would see to. */
    private void verify() throws Exception {
        List<GalleryEvent> verified = new ArrayList<>();
        Verification verification = new Verification(
                new ReceiptStore(DATABASE.as("facestream_curation")),
                new TopicRemains(kafka.connection(), Topic.holdingPeople(), SLACK),
                (erasure, event) -> verified.add(CuratedGallery.read(event)),
                CuratedGallery.METRICS,
                Duration.ZERO);
        verification.look();
        DATABASE.execute("update facestream.erasure_receipt set erased_at = erased_at - interval '1 minute'");
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            verification.look();
            for (String table : DATABASE.query("select distinct r.oid::regclass from facestream.erasable_tables() t"
                    + " join pg_class r on r.oid = t.relation where r.relkind = 'r'")) {
                DATABASE.execute("vacuum (analyze) " + table);
            }
            return !verified.isEmpty();
        });
    }

    private void wanted() throws SQLException {
        FullHistory.NAMES.forEach(name -> search.text("name " + name, name));
        search.bytes("photo", photo);
        search.bytes("best shot", shot);
        search.bytes("chip of the person", FullHistory.GRACE);
        search.bytes("chip of a stranger", FullHistory.JOHN);
        search.bytes("chip of another stranger", FullHistory.EILEEN);
        search.bytes("chip of who it is not", FullHistory.AKSEL);
        for (String id :
                DATABASE.query("select id from facestream.identity where name is distinct from 'Ada Lovelace'")) {
            search.text("id " + id, id);
        }
        for (String table : List.of("face_embedding", "template", "negative_embedding")) {
            List<String> vectors = DATABASE.query("select distinct embedding from facestream." + table);
            for (int i = 0; i < vectors.size(); i++) {
                search.text(
                        "vector %d of %s".formatted(i, table), vectors.get(i).substring(0, 80));
            }
        }
    }

    /** What roles publish of the person, beside the commands, answers and chips that are there. */
    private void fillTopics() throws Exception {
        history.publish(Topic.LABELLED_FACES, FullHistory.NAME, photo);
        history.publish(Topic.CAMERA_FRAMES, "camera", photo);
        history.publish(Topic.REJECTED_RECORDS, FullHistory.FORMER, photo);
        history.publish(Topic.TRAINING_PROGRESS, "command", FullHistory.NAME.getBytes(UTF_8));
        String everything = DATABASE.query("select string_agg(id::text, ' ') from facestream.identity")
                        .get(0)
                + String.join(" ", FullHistory.NAMES);
        for (Topic topic : List.of(Topic.SIGHTINGS, Topic.IDENTITY_EVENTS, Topic.ENROLMENTS)) {
            history.publish(topic, "camera", everything.getBytes(UTF_8));
        }
        for (String table : List.of("face_embedding", "template", "negative_embedding")) {
            for (String vector : DATABASE.query("select distinct embedding from facestream." + table)) {
                history.publish(Topic.FACE_EMBEDDINGS, "camera", vector.getBytes(UTF_8));
            }
        }
        publish(CHANGELOG, "camera", shot);
        publish(CHANGELOG, "camera", "the next visit".getBytes(UTF_8));
    }

    private void publish(String topic, String key, byte[] value) {
        history.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value));
    }
}
