package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.embedded.KafkaAcls;
import io.facestream.embedded.RecordedLogs;
import io.facestream.embedded.SecuredServices;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.GallerySchema;
import io.facestream.messaging.KafkaConnection;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Every role in one process, on a broker and a database that take nothing but TLS and a login, with the rights that
 * {@code docs/kafka-acls.sh} and the migration give, and no others.
 */
@QuarkusTest
@Tag("own-process")
@TestProfile(SecuredRolesTest.Secured.class)
class SecuredRolesTest {
    private static final String DATABASE_PASSWORD = "database-secret-24601";
    private static final List<String> GROUPS = List.of(
            "facestream_embedding",
            "facestream_matching",
            "facestream_sightings",
            "facestream_alerts",
            "facestream_enrolment",
            "facestream_curation",
            "facestream_training",
            "facestream_web");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Records what is logged from before the application starts. */
    RecordedLogs logs;

    /** As the service runs in production, by one user with all roles' rights. */
    public static final class Secured implements QuarkusTestProfile {
        @Override
        public String getConfigProfile() {
            return "test,detection,embedding,matching,sightings,alerts,enrolment,curation,training,cameras,web";
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(Services.class));
        }
    }

    /** Grants the rights, and tells the application the logins. */
    public static final class Services implements QuarkusTestResourceLifecycleManager {
        private RecordedLogs logs;

        @Override
        public Map<String, String> start() {
            logs = new RecordedLogs();
            try {
                KafkaAcls.grant(
                        SecuredServices.superuserAddress(),
                        KafkaAcls.ofTheScript(
                                "DETECTION=User:facestream",
                                "EMBEDDING=User:facestream",
                                "MATCHING=User:facestream",
                                "SIGHTINGS=User:facestream",
                                "ALERTS=User:facestream",
                                "ENROLMENT=User:facestream",
                                "CURATION=User:facestream",
                                "TRAINING=User:facestream",
                                "CAMERAS=User:facestream",
                                "WEB=User:facestream"));
                GallerySchema.migrate(owner());
                asOwner("do $$ begin if not exists (select from pg_roles where rolname = 'all_roles') then"
                        + " create role all_roles login password '" + DATABASE_PASSWORD + "' in role "
                        + String.join(", ", GROUPS) + "; end if; end $$");
            } catch (IOException | SQLException e) {
                throw new IllegalStateException(e);
            }
            Map<String, String> settings =
                    new HashMap<>(SecuredServices.scram("facestream", SecuredServices.KAFKA_PASSWORD));
            settings.put("quarkus.datasource.jdbc.url", SecuredServices.jdbcUrl("ca.pem"));
            settings.put("quarkus.datasource.username", "all_roles");
            settings.put("quarkus.datasource.password", DATABASE_PASSWORD);
            settings.put("facestream.instance", "secured");
            // Its clients write their settings to the recorded log, not to the console.
            settings.put("quarkus.log.category.\"org.apache.kafka\".level", "INFO");
            settings.put("quarkus.log.category.\"org.apache.kafka\".use-parent-handlers", "false");
            return settings;
        }

        @Override
        public void inject(Object testInstance) {
            if (testInstance instanceof SecuredRolesTest test) {
                test.logs = logs;
            }
        }

        @Override
        public void stop() {
            logs.close();
        }
    }

    private static PGSimpleDataSource owner() {
        Map<String, String> settings = SecuredServices.database();
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(settings.get("quarkus.datasource.jdbc.url"));
        owner.setUser(settings.get("quarkus.datasource.username"));
        owner.setPassword(settings.get("quarkus.datasource.password"));
        return owner;
    }

    private static void asOwner(String sql) throws SQLException {
        try (Connection connection = owner().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void everyRoleWorksOverTlsWithItsRightsAndSaysWhichOneItLacks() throws Exception {
        byte[] grace = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
        String operator = "facestream-operator";

        publish(operator, "labelled-faces", "Grace_Hopper", grace);
        assertThat(awaitAnswer("enrolments", "Grace_Hopper").path("outcome").asText())
                .isEqualToIgnoringCase("accepted");

        publish("camera", "camera-frames", "door", grace);
        JsonNode event = awaitRecord("subscriber", "identity-events", json -> json.has("decision"));
        assertThat(event.path("name").asText()).as(event.toString()).isEqualTo("Grace_Hopper");

        String command = UUID.randomUUID().toString();
        publish(
                operator,
                "training-commands",
                command,
                ("{\"command\":\"promote\",\"commandId\":\"" + command + "\",\"version\":\"nobody-1\"}")
                        .getBytes(UTF_8));
        assertThat(awaitRecord(operator, "training-progress", json -> json.path("state")
                                .asText()
                                .equals("failed"))
                        .path("message")
                        .asText())
                .contains("there is no model version nobody-1");

        String rename = UUID.randomUUID().toString();
        publish(
                operator,
                "gallery-commands",
                rename,
                ("{\"command\":\"rename\",\"commandId\":\"" + rename
                                + "\",\"person\":\"Grace_Hopper\",\"name\":\"Grace Hopper\"}")
                        .getBytes(UTF_8));
        assertThat(awaitRecord(operator, "gallery-events", json -> json.path("commandId")
                                .asText()
                                .equals(rename))
                        .path("state")
                        .asText())
                .isEqualTo("done");

        awaitListener();

        // Only the group role of enrolment is left: it goes on, and training names the right that it lacks.
        asOwner("revoke facestream_embedding, facestream_matching, facestream_training from all_roles");
        publish(operator, "labelled-faces", "Eileen_Collins", TestPictures.sample("people/Eileen_Collins/nasa.jpg"));
        assertThat(awaitAnswer("enrolments", "Eileen_Collins").path("outcome").asText())
                .isEqualToIgnoringCase("accepted");
        awaitLog("training commands are tried again", "permission denied for table training_command");
        asOwner("grant facestream_embedding, facestream_matching, facestream_training to all_roles");

        // A photo that was below the quality gate, and passes it now.
        asOwner("update facestream.face_sample set enrolled = false");
        publish(operator, "labelled-faces", "Grace_Hopper", grace);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> asOwner("do $$ begin"
                        + " assert (select count(*) from facestream.face_sample where enrolled) = 1;"
                        + " assert (select count(*) from facestream.audit where action = 'enrol' and who = 'all_roles'"
                        + " and detail ->> 'enrolled' = 'true') = 3; end $$"));

        asOwner("revoke insert on facestream.face_sample from facestream_enrolment");
        publish(operator, "labelled-faces", "John_Ousterhout", TestPictures.sample("people/John_Ousterhout/tk.jpg"));
        awaitLog("retrying the batch in", "permission denied for table face_sample");
        asOwner("grant insert on facestream.face_sample to facestream_enrolment");
        assertThat(awaitAnswer("enrolments", "John_Ousterhout").path("outcome").asText())
                .isEqualToIgnoringCase("accepted");

        assertThat(logs.text())
                .contains("Successfully logged in.")
                .doesNotContain(SecuredServices.KAFKA_PASSWORD, SecuredServices.STORE_PASSWORD, DATABASE_PASSWORD);
    }

    /** Until a channel of model releases, which has a group of its own, is in touch with the broker. */
    private static void awaitListener() {
        try (Admin admin =
                KafkaConnection.to(SecuredServices.superuserAddress()).admin()) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                List<String> groups = admin.listGroups().all().get().stream()
                        .map(GroupListing::groupId)
                        .filter(group -> group.startsWith("facestream-embedding-live-"))
                        .toList();
                assertThat(admin.describeConsumerGroups(groups).all().get().values())
                        .anySatisfy(group -> assertThat(group.members()).anySatisfy(member -> assertThat(
                                        member.assignment().topicPartitions())
                                .containsExactly(new TopicPartition("model-releases", 0))));
            });
        }
    }

    private void awaitLog(String... texts) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(logs.text().lines().filter(line -> List.of(texts).stream()
                                .allMatch(line::contains)))
                        .isNotEmpty()
                        .allMatch(line -> line.contains("the database's user lacks a right")));
    }

    private static KafkaConnection connection(String user) {
        return new KafkaConnection(SecuredServices.scram(user, SecuredServices.KAFKA_PASSWORD).entrySet().stream()
                .collect(Collectors.toMap(
                        setting -> setting.getKey().replaceFirst("kafka\\.", ""), Map.Entry::getValue)));
    }

    private static void publish(String user, String topic, String key, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = connection(user).producer(Map.of())) {
            producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value))
                    .get();
        }
    }

    private static JsonNode awaitAnswer(String topic, String name) throws IOException {
        return awaitRecord(
                "facestream-operator", topic, json -> json.path("name").asText().equals(name));
    }

    /** The first record of a topic that meets a condition. */
    private static JsonNode awaitRecord(String user, String topic, Predicate<JsonNode> wanted) throws IOException {
        Map<String, Object> settings =
                Map.of("group.id", user + "-" + UUID.randomUUID(), "auto.offset.reset", "earliest");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = connection(user).consumer(settings)) {
            if (user.equals("subscriber")) {
                consumer.subscribe(List.of(topic));
            } else {
                var partitions = consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
            }
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    JsonNode json = MAPPER.readTree(record.value());
                    if (wanted.test(json)) {
                        return json;
                    }
                }
            }
        }
        throw new AssertionError("no such record on " + topic + " in " + PATIENCE);
    }
}
