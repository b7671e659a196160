package io.facestream.embeddings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.facestream.SyntheticPictures;
import io.facestream.faces.Box;
import io.facestream.faces.ChipPng;
import io.facestream.faces.Face;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.faces.StageMillis;
import io.facestream.frames.FrameInfo;
import io.facestream.frames.Picture;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Sha256;
import io.facestream.models.ModelRegistry;
import io.facestream.models.TestNetworks;
import io.facestream.networks.ComputeDevice;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With an active network that yields no embedding of a black chip. */
class EmbeddingBatchTest {
    private static final TestGallery GALLERY = TestGallery.of(EmbeddingBatchTest.class);

    @BeforeAll
    static void activate() throws Exception {
        GALLERY.renew();
        byte[] weights = TestNetworks.zeroForBlack();
        try (Connection connection = GALLERY.dataSource().getConnection();
                PreparedStatement update = connection.prepareStatement("with w as (update facestream.model_weights"
                        + " set weights = ? returning version) update facestream.model_version v set sha256 = ?"
                        + " from w where v.version = w.version")) {
            update.setBytes(1, weights);
            update.setBytes(2, Sha256.of(weights));
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    @Test
    void whatCannotBeEmbeddedIsRejectedAndTheOthersOfItsBatchGoOn() throws Exception {
        byte[] face;
        byte[] black;
        try (Picture chip = SyntheticPictures.blobs(160, 160, 1);
                Picture dark = new Picture(Mat.zeros(160, 160, CV_8UC3).asMat())) {
            face = ChipPng.encode(chip);
            black = ChipPng.encode(dark);
        }
        ModelRegistry registry = new ModelRegistry(GALLERY.dataSource());
        try (ActiveNetwork network = new ActiveNetwork(registry, ComputeDevice.CPU, version -> {});
                EmbeddingBatch batch = new EmbeddingBatch(network, 2)) {

            List<ProducerRecord<byte[], byte[]>> outputs = batch
                    .process(List.of(
                            record(0, face),
                            record(1, black),
                            record(2, TestPictures.pngThatAnnounces(30_000, 30_000)),
                            record(3, face)))
                    .stream()
                    .flatMap(List::stream)
                    .toList();

            assertThat(outputs.stream().map(ProducerRecord::topic))
                    .containsExactly("face-embeddings", "rejected-records", "rejected-records", "face-embeddings");
            assertThat(header(outputs.get(1), "facestream_reason")).isEqualTo("processing-failed");
            assertThat(header(outputs.get(1), "facestream_message"))
                    .contains(registry.active().version())
                    .contains("no embedding of this chip");
            assertThat(header(outputs.get(2), "facestream_reason")).isEqualTo("bad-message");
            assertThat(header(outputs.get(2), "facestream_message")).contains("160x160", "width=30000");
        }
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    private static ConsumerRecord<byte[], byte[]> record(int offset, byte[] chip) {
        Point point = new Point(10, 10);
        Face face = new Face(
                new FrameInfo(
                        "frame-" + offset,
                        "/cameras/lobby",
                        "lobby",
                        Instant.EPOCH,
                        Instant.EPOCH,
                        640,
                        480,
                        new RecordPointer("camera-frames", 0, offset),
                        null),
                0,
                new Box(0, 0, 100, 100),
                new Landmarks(point, point, point, point, point),
                0.9f,
                new Quality(100, 300, 120, new Pose(0, 0, 0), null),
                null,
                new StageMillis(1f, null, null));
        RecordHeaders headers = new RecordHeaders();
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", face.id(),
                        "ce_source", "/cameras/lobby",
                        "ce_type", Face.DETECTED_TYPE,
                        "ce_subject", "lobby",
                        "ce_time", "2026-05-04T09:30:00Z",
                        "ce_face", new String(Json.write(face), UTF_8))
                .forEach((name, text) -> headers.add(name, text.getBytes(UTF_8)));
        return new ConsumerRecord<>(
                "detected-faces",
                0,
                offset,
                0,
                TimestampType.LOG_APPEND_TIME,
                5,
                chip.length,
                "lobby".getBytes(UTF_8),
                chip,
                headers,
                Optional.empty());
    }
}
