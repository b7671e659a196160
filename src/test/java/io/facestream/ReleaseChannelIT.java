package io.facestream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.embedded.TestServices;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.ModelReleases;
import io.facestream.gallery.ReembeddingProgress;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.ReleaseTopic;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.models.ModelVersion;
import io.facestream.models.TestNetworks;
import io.facestream.networks.ComputeDevice;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes of the embedding role: each hears of a release, on a broker of this test's own, which goes and comes
 * back.
 */
class ReleaseChannelIT {
    private static final TestGallery GALLERY = TestGallery.of(ReleaseChannelIT.class);
    private static final List<String> REPLICAS = List.of("one", "other");
    private static final String SHIPPED = "mobilefacenet-1";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Longer than any test: only a nudge makes a process look. */
    private static final String NEVER = "PT10H";

    @TempDir
    private Path folder;

    private final Map<String, Integer> ports = new TreeMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private EmbeddedKafka kafka;
    private Containers containers;

    @BeforeEach
    void startBroker() throws Exception {
        GallerySchema.migrate(GALLERY.dataSource());
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), TestServices.freePort());
        containers = new Containers(folder.resolve("image"));
    }

    @AfterEach
    void stopBroker() throws IOException {
        containers.close();
        kafka.close();
    }

    @Test
    void everyReplicaHearsOfEachReleaseAndEndsInOrder() throws Exception {
        start(NEVER);
        awaitListeners();
        ModelReleases releases = releases();
        ModelVersion other =
                releases.publish(TestNetworks.candidate("reversed", TestNetworks.reversed()), ReembeddingProgress.NONE);

        releases.promote(other.version(), ReembeddingProgress.NONE);
        awaitInUse(other.version());
        publishWhatIsNoRelease();
        releases.rollBack(ReembeddingProgress.NONE);
        awaitInUse(SHIPPED);

        end();
        for (String replica : REPLICAS) {
            assertThat(containers.said(replica).lines())
                    .as(replica)
                    .noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR ") || line.startsWith("\tat "));
        }
    }

    @Tag("long")
    @Test
    void aReleaseWhileTheBrokerIsAwayIsTakenOverAndTheChannelComesBack() throws Exception {
        start("PT2S");
        awaitListeners();
        ModelReleases releases = releases();
        ModelVersion other =
                releases.publish(TestNetworks.candidate("reversed", TestNetworks.reversed()), ReembeddingProgress.NONE);
        int port = Integer.parseInt(kafka.bootstrapServers().replaceFirst(".*:", ""));

        kafka.close();
        releases.promote(other.version(), ReembeddingProgress.NONE);
        awaitInUse(other.version());
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), port);
        awaitListeners();
        releases.rollBack(ReembeddingProgress.NONE);
        awaitInUse(SHIPPED);

        kafka.close();
        end();
        for (String replica : REPLICAS) {
            assertThat(containers.said(replica).lines())
                    .as(replica)
                    .noneMatch(line -> line.contains(" ERROR ") || line.startsWith("\tat ") || line.contains("SRMSG"));
        }
    }

    private void start(String registryInterval) throws IOException {
        for (String replica : REPLICAS) {
            int port = TestServices.freePort();
            ports.put(replica, port);
            Map<String, String> settings = new HashMap<>(GALLERY.asProperties());
            settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
            settings.put("facestream.embedding.registry.interval", registryInterval);
            settings.put("quarkus.management.port", Integer.toString(port));
            containers.startRoles(replica, "embedding", "512m", settings);
        }
        for (String replica : REPLICAS) {
            await().atMost(PATIENCE).until(() -> containers.said(replica).contains("Ready: embedding"));
        }
    }

    /** All end by themselves when they are asked to. */
    private void end() throws InterruptedException {
        List<Process> processes = REPLICAS.stream().map(containers::process).toList();
        containers.end(60);
        assertThat(processes).allMatch(process -> process.exitValue() == 143);
    }

    /** Until each replica has a group of its own, whose one member reads the topic. */
    private void awaitListeners() {
        try (Admin admin = connection().admin()) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                List<ConsumerGroupDescription> groups = liveGroups(admin);
                assertThat(groups).hasSameSizeAs(REPLICAS);
                assertThat(groups).allSatisfy(group -> {
                    assertThat(group.groupId()).matches("facestream-embedding-live-[0-9a-f-]{36}");
                    assertThat(group.members()).hasSize(1);
                    assertThat(group.members().iterator().next().assignment().topicPartitions())
                            .hasSize(1);
                });
            });
        }
    }

    private static List<ConsumerGroupDescription> liveGroups(Admin admin)
            throws InterruptedException, ExecutionException {
        List<String> names = admin.listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .filter(group -> group.contains("-live-"))
                .toList();
        return List.copyOf(admin.describeConsumerGroups(names).all().get().values());
    }

    private void awaitInUse(String version) {
        String line = "facestream_model_in_use{version=\"" + version + "\"} 1.0";
        for (String replica : REPLICAS) {
            URI metrics = URI.create("http://127.0.0.1:" + ports.get(replica) + "/q/metrics");
            await().atMost(PATIENCE).until(() -> http.send(
                            HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                    .body()
                    .contains(line));
        }
    }

    /** The topic is compacted, so a record without a value is one that it may hold; the other one is nobody's. */
    private void publishWhatIsNoRelease() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = connection().producer(Map.of())) {
            ProducerRecord<byte[], byte[]> broken =
                    new ProducerRecord<>("model-releases", new byte[] {9}, new byte[] {1, 2, 3});
            broken.headers().add("ce_specversion", new byte[] {(byte) 0xFF});
            broken.headers().add("ce_time", "yesterday".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            producer.send(broken).get();
            producer.send(new ProducerRecord<>("model-releases", new byte[] {1}, null))
                    .get();
        }
    }

    private ModelReleases releases() {
        return new ModelReleases(
                GALLERY.dataSource(), ComputeDevice.CPU, new ReleaseTopic(connection(), new TestTopicsConfig(6, true)));
    }

    /** A client that soon gives up where there is no broker. */
    private KafkaConnection connection() {
        return new KafkaConnection(Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "request.timeout.ms", "2000",
                "default.api.timeout.ms", "4000"));
    }
}
