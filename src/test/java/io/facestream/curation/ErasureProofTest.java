package io.facestream.curation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.curation.message.GalleryCommand.Erase;
import io.facestream.curation.message.GalleryCommand.Rename;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.embedded.ForgetfulKafka;
import io.facestream.embedded.TestServices;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The bytes of somebody's photos and names are searched for in every table, and in every file of a broker that forgets
 * within seconds: they are there before the erasure, and nowhere once it is verified.
 */
class ErasureProofTest {
    private static final TestGallery DATABASE = TestGallery.of(ErasureProofTest.class);
    private static final String NAME = "Zephyrine Quillfeather";
    private static final String FORMER = "Zephyrine Quartermain";
    private static final String CHANGELOG = "facestream-sightings-visits-changelog";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Of a second: what brokers and the role wait beyond the topics' settings. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    private static final String COLUMNS =
            """
            select format('%I.%I', n.nspname, c.relname), quote_ident(a.attname),
                case when a.atttypid = 'bytea'::regtype then 'bytes' else 'text' end
            from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'm') and a.attnum > 0 and not a.attisdropped
                    and n.nspname not in ('pg_catalog', 'information_schema')
                    and has_column_privilege(c.oid, a.attnum, 'select')
                or c.oid = 'pg_stats'::regclass and a.attnum > 0""";

    /** Too large for a row, so that it lies in TOAST, and not to be compressed. */
    private static final int PHOTO_BYTES = 50_000;

    private static Path folder;
    private static ForgetfulKafka kafka;

    private final byte[] photo = new byte[PHOTO_BYTES];
    private final byte[] shot = new byte[PHOTO_BYTES];
    private CuratedGallery gallery;

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
        fillTables();
        publish(Topic.LABELLED_FACES.topicName(), NAME, photo);
        publish(Topic.DETECTED_FACES.topicName(), "camera", photo);
        publish(Topic.REJECTED_RECORDS.topicName(), FORMER, photo);
        publish(Topic.SIGHTINGS.topicName(), "camera", NAME.getBytes(UTF_8));
        publish(CHANGELOG, "camera", shot);
        publish(CHANGELOG, "camera", "the next visit".getBytes(UTF_8));
        for (byte[] searched : searched()) {
            assertThat(inTables(searched)).as("in tables").isNotEmpty();
            assertThat(inFiles(searched)).as("in files").isNotEmpty();
        }

        GalleryEvent erased = gallery.ask(new Erase(UUID.randomUUID(), NAME, null, null));
        letTopicsForget();
        publish(CHANGELOG, "camera", "and the next".getBytes(UTF_8));

        assertThat(erased.erased())
                .allSatisfy(table -> assertThat(table.remaining()).isZero());
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
            DATABASE.execute("vacuum (analyze)");
            return !verified.isEmpty();
        });
        for (byte[] searched : searched()) {
            assertThat(inTables(searched)).isEmpty();
            assertThat(inFiles(searched)).isEmpty();
        }
    }

    private List<byte[]> searched() {
        return List.of(NAME.getBytes(UTF_8), FORMER.getBytes(UTF_8), middle(photo), middle(shot));
    }

    /** Enough of it that it is nothing else. */
    private static byte[] middle(byte[] bytes) {
        return Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length / 2 + 64);
    }

    private void fillTables() throws Exception {
        gallery = new CuratedGallery(DATABASE);
        gallery.person("Ada", 2, 10);
        UUID person = gallery.person(FORMER, 1, 1);
        DATABASE.addSample(UUID.randomUUID(), person, photo);
        gallery.ask(new Rename(UUID.randomUUID(), FORMER, NAME));
        DATABASE.execute(
                """
                select facestream.make_sighting_days(array[current_date]);
                insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind, identity_id,
                        first_seen, last_seen, first_appended_at, last_appended_at, frames, best)
                    values ('s', 'v', current_date, 1, 'left', 'c', 'person', '%1$s', now(), now(), now(), now(), 1,
                        '{}');
                insert into facestream.sighting_shot (source, sighting_id, day, event_id, identity_id, appended_at, chip)
                    values ('s', 'v', current_date, 'e', '%1$s', now(), '\\x%2$s');
                insert into facestream.training_command (id, command)
                    values (gen_random_uuid(), '{"people": ["%3$s", "%4$s", "Ada"]}');
                analyze"""
                        .formatted(person, HexFormat.of().formatHex(shot), NAME, FORMER));
    }

    private static void publish(String topic, String key, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = kafka.connection().producer(Map.of())) {
            producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value))
                    .get();
        }
    }

    /** The columns in which the bytes are, of whichever type and schema, with the samples that the planner keeps. */
    private static List<String> inTables(byte[] searched) throws SQLException {
        String bytes = "'\\x" + HexFormat.of().formatHex(searched) + "'::bytea";
        String text = "convert_from(decode('" + HexFormat.of().formatHex(text(searched)) + "', 'hex'), 'UTF8')";
        List<String> found = new ArrayList<>();
        try (Connection connection = DATABASE.dataSource().getConnection()) {
            for (String column : TestGallery.query(connection, COLUMNS)) {
                String[] parts = column.split(" ");
                String where = parts[2].equals("bytes")
                        ? "position(" + bytes + " in " + parts[1] + ") > 0"
                        : "position(" + text + " in " + parts[1] + "::text) > 0";
                if (!TestGallery.query(connection, "select 1 from " + parts[0] + " where " + where + " limit 1")
                        .isEmpty()) {
                    found.add(parts[0] + "." + parts[1]);
                }
            }
        }
        return found;
    }

    /** As a text column would have it: names as they are, other bytes as PostgreSQL prints them. */
    private static byte[] text(byte[] searched) {
        String name = new String(searched, UTF_8);
        return name.startsWith("Zephyrine")
                ? searched
                : HexFormat.of().formatHex(searched).getBytes(UTF_8);
    }

    private static List<Path> inFiles(byte[] searched) throws IOException {
        String wanted = new String(searched, ISO_8859_1);
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> read(file).contains(wanted))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1);
        } catch (NoSuchFileException e) {
            return ""; // a segment that was deleted meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
