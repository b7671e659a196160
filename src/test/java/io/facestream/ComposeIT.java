package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.embedded.ComposeBroker;
import io.facestream.embedded.ComposeDatabase;
import io.facestream.embedded.TestServices;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.frames.TestPictures;
import io.facestream.identities.Identification;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Topic;
import io.facestream.training.commands.TrainingProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The compose file's services as processes of this machine, by the commands, the environment and the health checks
 * that the file gives them. Only what a container's own network and file system would give is put in its place:
 * addresses, folders, and a management port for each.
 */
class ComposeIT {
    private static final byte[] PHOTO = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final List<String> ROLES = List.of(
            "detection",
            "embedding",
            "matching",
            "sightings",
            "alerts",
            "enrolment",
            "curation",
            "training",
            "cameras",
            "web");

    @TempDir
    private Path folder;

    /** Where each path that the file names is on this machine. */
    private final Map<String, String> places = new LinkedHashMap<>();

    private final Map<String, Map<String, String>> environments = new TreeMap<>();
    private final ComposeFile compose = ComposeFile.read();
    private Containers containers;

    ComposeIT() throws IOException {}

    @BeforeEach
    void placeFolders() throws IOException {
        places.put("/run/secrets", folder.resolve("secrets").toString());
        places.put("/scratch", folder.resolve("scratch").toString());
        places.put("/opt/facestream", folder.resolve("image").toString());
        places.put("/cameras/", folder.resolve("cameras") + "/");
        places.put("/alerts/", folder.resolve("alerts") + "/");
        Files.createDirectories(folder.resolve("alerts/secrets"));
        Files.createDirectories(folder.resolve("cameras/secrets"));
        Files.createDirectories(folder.resolve("cameras/recordings"));
        Files.createDirectory(folder.resolve("secrets"));
        for (String secret : List.of("database_password", "service_password")) {
            Files.writeString(folder.resolve("secrets").resolve(secret), UUID.randomUUID() + "\n");
        }
    }

    @Test
    @Timeout(600)
    void aFrameOfAnEnrolledPersonBecomesAnEventThatNamesThem() throws Exception {
        try (ComposeBroker broker = ComposeBroker.start(folder.resolve("kafka"), environment("kafka"));
                ComposeDatabase database = ComposeDatabase.start(script(), environment("postgres"));
                Topics topics = new Topics(broker.here("localhost:9094"));
                Containers started = new Containers(folder.resolve("image"))) {
            places.put("kafka:9092", broker.here("kafka:9092"));
            places.put("postgres:5432", database.address());
            containers = started;
            database.check(compose.healthcheck("postgres"));
            start("detection");
            start("migrate");
            assertThat(containers.process("migrate").waitFor()).isZero();
            ROLES.stream().skip(1).forEach(this::start);
            ROLES.forEach(this::awaitHealth);

            RecordPointer photo = topics.publish(Topic.LABELLED_FACES, null, "Grace_Hopper", PHOTO, Map.of());
            ConsumerRecord<byte[], byte[]> answer =
                    topics.await(Topic.ENROLMENTS, record -> photo.toString().equals(Topics.header(record, "ce_id")));
            assertThat(Json.read(answer.value(), EnrolmentAnswer.class)).isInstanceOf(EnrolmentAnswer.Accepted.class);

            RecordPointer frame = topics.publish(Topic.CAMERA_FRAMES, null, "lobby", PHOTO, Map.of());
            List<ConsumerRecord<byte[], byte[]>> faces = topics.awaitFaces(Topic.IDENTITY_EVENTS, frame);
            assertThat(faces).hasSize(1);
            IdentityEvent event = Json.read(faces.get(0).value(), IdentityEvent.class);
            assertThat(event.judgement().decision()).isEqualTo(Identification.Decision.KNOWN);
            assertThat(event.judgement().name()).isEqualTo("Grace_Hopper");

            assertThatTrainingUsesItsScratch(topics);
            assertThatTheGpuIsAskedFor();
            ROLES.forEach(this::assertThatTheLimitSuffices);
            assertThat(environments.keySet()).containsAll(servicesWithAnEnvironment());
            containers.end(40);
        }
    }

    /** The image runs what is mounted there. */
    private Path script() {
        return compose.strings("/services/postgres/volumes").stream()
                .filter(volume -> volume.contains(":/docker-entrypoint-initdb.d/"))
                .map(volume -> Path.of(volume.substring(0, volume.indexOf(':'))))
                .findFirst()
                .orElseThrow();
    }

    /** Two people are needed, so the command reads the only photo and then fails. */
    private void assertThatTrainingUsesItsScratch(Topics topics) throws Exception {
        String id = UUID.randomUUID().toString();
        topics.publish(
                Topic.TRAINING_COMMANDS,
                null,
                id,
                ("{\"command\": \"fine-tune\", \"commandId\": \"" + id + "\"}").getBytes(UTF_8),
                Map.of());
        ConsumerRecord<byte[], byte[]> end = topics.await(
                Topic.TRAINING_PROGRESS,
                record -> id.equals(new String(record.key(), UTF_8))
                        && new String(record.value(), UTF_8).contains("\"failed\""));
        assertThat(Json.read(end.value(), TrainingProgress.class).message()).contains("at least two people");
        assertThat(folder.resolve("scratch")).isDirectory();
    }

    /** This machine's build and hardware have none: what the variable asks for is refused. */
    private void assertThatTheGpuIsAskedFor() throws Exception {
        start("embedding-gpu");
        if (!Files.exists(Path.of("/dev/nvidiactl"))) {
            assertThat(containers.process("embedding-gpu").waitFor()).isEqualTo(1);
            assertThat(containers.said("embedding-gpu")).contains("no GPU was found");
        }
    }

    private void assertThatTheLimitSuffices(String service) {
        try {
            assertThat(containers.peakMemory(service)).as(service).isLessThan(bytes(memory(service)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bytes(String gibibytes) {
        return Long.parseLong(gibibytes.replace("G", "")) << 30;
    }

    private List<String> servicesWithAnEnvironment() {
        return compose.services().stream()
                .filter(service -> compose.service(service).has("environment"))
                .filter(service -> !service.equals("grafana"))
                .toList();
    }

    private void start(String service) {
        try {
            Map<String, String> environment = environment(service);
            // containers have a network each
            environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(TestServices.freePort()));
            environment.put("QUARKUS_HTTP_PORT", Integer.toString(TestServices.freePort()));
            // what the JVM would see of the container's limit
            if (!memory(service).isEmpty()) {
                environment.put("FACESTREAM_JAVA_OPTS", "-XX:MaxRAM=" + memory(service));
            }
            containers.start(service, environment, compose.command(service));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String memory(String service) {
        return compose.service(service).at("/deploy/resources/limits/memory").asText();
    }

    private void awaitHealth(String service) {
        List<String> healthcheck =
                compose.healthcheck(service).stream().map(this::here).toList();
        await(service)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> containers.succeeds(environments.get(service), healthcheck));
    }

    private Map<String, String> environment(String service) {
        Map<String, String> environment = compose.environment(service);
        environment.replaceAll((name, value) -> here(value));
        environments.put(service, environment);
        return environment;
    }

    private String here(String text) {
        String here = text;
        for (Map.Entry<String, String> place : places.entrySet()) {
            here = here.replace(place.getKey(), place.getValue());
        }
        return here;
    }
}
