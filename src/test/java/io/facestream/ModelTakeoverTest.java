package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.embedded.TestServices;
import io.facestream.embeddings.EmbeddedFace;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.ModelReleases;
import io.facestream.gallery.ReembeddingProgress;
import io.facestream.identities.Identification;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.ReleaseTopic;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicsConfig;
import io.facestream.models.ModelVersion;
import io.facestream.models.TestNetworks;
import io.facestream.models.VersionChanges;
import io.facestream.networks.ComputeDevice;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Another network takes over, and the first one again, while frames stream and people are enrolled. The other one's
 * points lie as far from the first one's as those of strangers: a face compared with the wrong templates would be
 * UNKNOWN.
 */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class ModelTakeoverTest {
    private static final String CAMERA = "takeover";
    private static final String GRACE = "Grace_Hopper";
    private static final byte[] GRACES_PHOTO = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final byte[] EILEENS_PHOTO = TestPictures.sample("people/Eileen_Collins/nasa.jpg");
    private static final Duration FRAME_INTERVAL = Duration.ofMillis(250);
    private static final Duration PHOTO_INTERVAL = Duration.ofMillis(1_500);

    private final DataSource database = AllRoles.database();
    private final VersionChanges changes = new VersionChanges(database);
    private final ScheduledExecutorService producers = Executors.newScheduledThreadPool(2);
    private final List<RecordPointer> frames = new ArrayList<>();
    private final List<RecordPointer> photos = new ArrayList<>();
    private Topics topics;
    private ModelVersion other;

    @BeforeEach
    void connect() throws SQLException {
        topics = new Topics();
        AllRoles.execute(database, "delete from facestream.identity");
    }

    @AfterEach
    void leaveTheShippedNetworkActive() throws SQLException {
        producers.shutdownNow();
        topics.close();
        changes.promote("mobilefacenet-1");
        if (other != null) {
            changes.retire(other.version());
        }
        AllRoles.execute(database, "delete from facestream.identity");
    }

    @Test
    void everyFaceHasOneEventByTheTemplatesOfItsVersionThroughPromotionAndRollBack() throws Exception {
        RecordPointer grace = topics.publish(Topic.LABELLED_FACES, null, GRACE, GRACES_PHOTO, Map.of());
        assertThat(answer(grace)).isInstanceOf(EnrolmentAnswer.Accepted.class);
        ModelReleases releases = new ModelReleases(
                database,
                ComputeDevice.CPU,
                new ReleaseTopic(
                        KafkaConnection.to(TestServices.kafka().bootstrapServers()),
                        ConfigProvider.getConfig()
                                .unwrap(io.smallrye.config.SmallRyeConfig.class)
                                .getConfigMapping(TopicsConfig.class)));
        byte[] frame = scaled(GRACES_PHOTO, 0.5);
        topics.awaitMark(Topic.IDENTITY_EVENTS, frame(frame));
        startPublishing(frame);

        other = releases.publish(TestNetworks.candidate("reversed", TestNetworks.reversed()), ReembeddingProgress.NONE);
        long promoted = System.nanoTime();
        releases.promote(other.version(), ReembeddingProgress.NONE);
        long untilTakenOver = awaitEventBy(other.version(), promoted);
        TimeUnit.SECONDS.sleep(3);
        // No message on model-releases announces it.
        long rolledBack = System.nanoTime();
        changes.rollBack();
        long untilTakenBack = awaitEventBy("mobilefacenet-1", rolledBack);
        TimeUnit.SECONDS.sleep(3);
        stopPublishing();

        List<ConsumerRecord<byte[], byte[]>> marks = new ArrayList<>();
        List<String> versions = new ArrayList<>();
        for (RecordPointer published : List.copyOf(frames)) {
            marks.add(topics.awaitMark(Topic.IDENTITY_EVENTS, published));
            List<ConsumerRecord<byte[], byte[]>> faces = topics.awaitFaces(Topic.IDENTITY_EVENTS, published);
            assertThat(faces).hasSize(1);
            IdentityEvent event = Json.read(faces.get(0).value(), IdentityEvent.class);
            assertThat(event.judgement().decision()).as(event.toString()).isEqualTo(Identification.Decision.KNOWN);
            assertThat(event.judgement().name()).isEqualTo(GRACE);
            assertThat(event.judgement().distance()).isLessThan(0.5f);
            ConsumerRecord<byte[], byte[]> embedding =
                    topics.awaitFaces(Topic.FACE_EMBEDDINGS, published).get(0);
            assertThat(event.modelVersion())
                    .isEqualTo(Json.read(embedding.value(), EmbeddedFace.class).modelVersion());
            versions.add(event.modelVersion());
        }
        assertThat(topics.all(Topic.REJECTED_RECORDS)).noneMatch(record -> frames.contains(Topics.rejected(record)));
        for (RecordPointer photo : List.copyOf(photos)) {
            assertThat(answer(photo)).isInstanceOf(EnrolmentAnswer.Accepted.class);
        }
        for (String version : List.of("mobilefacenet-1", other.version())) {
            assertThat(row("select samples || ' ' || templates from facestream.missing_under('" + version + "')"))
                    .isEqualTo("0 0");
        }
        assertThat(row("select count(*) from facestream.face_sample")).isEqualTo(Integer.toString(1 + photos.size()));
        List<String> changesOfVersion = new ArrayList<>();
        versions.forEach(version -> {
            if (changesOfVersion.isEmpty()
                    || !changesOfVersion.get(changesOfVersion.size() - 1).equals(version)) {
                changesOfVersion.add(version);
            }
        });
        assertThat(changesOfVersion).containsExactly("mobilefacenet-1", other.version(), "mobilefacenet-1");
        assertThat(topics.all(Topic.MODEL_RELEASES))
                .filteredOn(record -> other.version().equals(new String(record.key(), UTF_8)))
                .hasSize(1)
                .allSatisfy(record -> assertThat(Schemas.violations("model-release.json", record.value()))
                        .isEmpty());
        System.out.printf(
                "%d frames at %d ms, %d photos enrolled; taken over after %d ms (told), %d ms (untold);"
                        + " longest pause between frames' events %d ms, median %d ms%n",
                frames.size(),
                FRAME_INTERVAL.toMillis(),
                photos.size(),
                untilTakenOver,
                untilTakenBack,
                pause(marks, 1),
                pause(marks, 0.5));
    }

    private void startPublishing(byte[] frame) {
        producers.scheduleAtFixedRate(() -> frame(frame), 0, FRAME_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        AtomicInteger count = new AtomicInteger();
        producers.scheduleAtFixedRate(
                () -> {
                    byte[] photo = scaled(EILEENS_PHOTO, 1 - 0.01 * count.getAndIncrement());
                    RecordPointer pointer =
                            topics.publish(Topic.LABELLED_FACES, null, "Eileen_Collins", photo, Map.of());
                    synchronized (photos) {
                        photos.add(pointer);
                    }
                },
                0,
                PHOTO_INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void stopPublishing() throws InterruptedException {
        producers.shutdown();
        assertThat(producers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    private RecordPointer frame(byte[] picture) {
        RecordPointer pointer = topics.publish(Topic.CAMERA_FRAMES, null, CAMERA, picture, Map.of());
        synchronized (frames) {
            frames.add(pointer);
        }
        return pointer;
    }

    /** Milliseconds until it came. */
    private long awaitEventBy(String version, long since) {
        int before = topics.all(Topic.IDENTITY_EVENTS).size();
        await().atMost(Duration.ofSeconds(60)).until(() -> topics.all(Topic.IDENTITY_EVENTS).stream()
                .skip(before)
                .anyMatch(record -> !Topics.isMark(record)
                        && new String(record.value(), UTF_8).contains("\"modelVersion\":\"" + version + "\"")));
        return (System.nanoTime() - since) / 1_000_000;
    }

    /** By the broker's clock, of the records in the order that they were published in. */
    private static long pause(List<ConsumerRecord<byte[], byte[]>> marks, double share) {
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i < marks.size(); i++) {
            pauses.add(marks.get(i).timestamp() - marks.get(i - 1).timestamp());
        }
        pauses.sort(null);
        return pauses.get((int) Math.min(pauses.size() - 1, share * pauses.size()));
    }

    private EnrolmentAnswer answer(RecordPointer photo) throws Exception {
        ConsumerRecord<byte[], byte[]> answer =
                topics.await(Topic.ENROLMENTS, record -> photo.toString().equals(Topics.header(record, "ce_id")));
        return Json.read(answer.value(), EnrolmentAnswer.class);
    }

    private static byte[] scaled(byte[] photo, double factor) {
        BufferedImage image = TestPictures.image(photo);
        int width = (int) (image.getWidth() * factor);
        int height = (int) (image.getHeight() * factor);
        BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = smaller.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return TestPictures.encode(smaller, "jpg");
    }

    private String row(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
