package io.facestream.embeddings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.SyntheticPictures;
import io.facestream.faces.Box;
import io.facestream.faces.ChipPng;
import io.facestream.faces.Face;
import io.facestream.faces.FrameMark;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.faces.StageMillis;
import io.facestream.frames.FrameInfo;
import io.facestream.frames.Picture;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.TestRecords;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.ModelVersion.Status;
import io.facestream.models.TestNetworks;
import io.facestream.models.TestVersions;
import io.facestream.networks.ComputeDevice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which record's output stands where, and which version made it: with a small network, and a registry in memory. */
class EmbeddingBatchPlacesTest {
    private static final byte[] WEIGHTS = TestNetworks.small();
    private static final byte[] CHIP = chip();

    private final Registry registry = new Registry();
    private final List<String> inUse = new ArrayList<>();
    private ActiveNetwork network;
    private EmbeddingBatch batch;

    @BeforeEach
    void load() throws Exception {
        network = new ActiveNetwork(registry, ComputeDevice.CPU, inUse::add);
        batch = new EmbeddingBatch(network, 2);
    }

    @AfterEach
    void close() {
        batch.close();
        network.close();
    }

    @Test
    void everyRecordHasOneOutputInItsPlaceMarksAndRejectedOnesToo() throws Exception {
        List<ProducerRecord<byte[], byte[]>> outputs = process(
                mark(0),
                face(1, CHIP),
                face(2, new byte[0]),
                face(3, CHIP),
                record(4, FrameMark.TYPE, "[]".getBytes(UTF_8)),
                record(5, "io.facestream.camera-frame.v1", CHIP),
                mark(6));

        assertThat(outputs.stream().map(EmbeddingBatchPlacesTest::what))
                .containsExactly(
                        "face-embeddings frame-0#mark",
                        "face-embeddings frame-1#0",
                        "rejected-records bad-message",
                        "face-embeddings frame-3#0",
                        "rejected-records bad-message",
                        "rejected-records bad-header",
                        "face-embeddings frame-6#mark");
        EmbeddedFace third = Json.read(outputs.get(3).value(), EmbeddedFace.class);
        assertThat(third.chip()).isEqualTo(new RecordPointer("detected-faces", 1, 3));
        assertThat(third.face().quality().norm()).isPositive();
        assertThat(outputs.stream().filter(output -> output.topic().equals("face-embeddings")))
                .allSatisfy(output -> assertThat(output.partition()).isEqualTo(1));
    }

    @Test
    void aBatchOfMarksAloneOrOfNothingNeedsNoNetwork() throws Exception {
        assertThat(process(mark(0), mark(1)).stream().map(EmbeddingBatchPlacesTest::what))
                .containsExactly("face-embeddings frame-0#mark", "face-embeddings frame-1#mark");
        assertThat(batch.process(List.of())).isEmpty();
    }

    @Test
    void anotherVersionTakesOverWithTheNextBatch() throws Exception {
        assertThat(versionOf(process(face(0, CHIP)).get(0))).isEqualTo("x-1");
        registry.active = "x-2";
        assertThat(versionOf(process(face(1, CHIP)).get(0))).isEqualTo("x-1");

        network.refresh();

        assertThat(process(face(2, CHIP), face(3, CHIP)))
                .allSatisfy(output -> assertThat(versionOf(output)).isEqualTo("x-2"));
        assertThat(inUse).containsExactly("x-1", "x-2");
    }

    @Test
    void aLookThatFindsTheSameVersionLoadsNothing() throws Exception {
        network.refresh();
        network.refresh();

        assertThat(inUse).containsExactly("x-1");
        assertThat(registry.reads).isOne();
    }

    private static String versionOf(ProducerRecord<byte[], byte[]> output) throws Exception {
        return Json.read(output.value(), EmbeddedFace.class).modelVersion();
    }

    private static String what(ProducerRecord<byte[], byte[]> output) {
        return output.topic() + " "
                + TestRecords.header(
                        output.headers(), output.topic().equals("rejected-records") ? RejectedRecords.REASON : "ce_id");
    }

    @SafeVarargs
    private List<ProducerRecord<byte[], byte[]>> process(ConsumerRecord<byte[], byte[]>... records) {
        List<List<ProducerRecord<byte[], byte[]>>> outputs = batch.process(List.of(records));
        assertThat(outputs).hasSize(records.length).allSatisfy(ofOne -> assertThat(ofOne)
                .hasSize(1));
        return outputs.stream().map(ofOne -> ofOne.get(0)).toList();
    }

    private static byte[] chip() {
        try (Picture chip = SyntheticPictures.blobs(160, 160, 1)) {
            return ChipPng.encode(chip);
        }
    }

    private static FrameInfo frame(int offset) {
        return new FrameInfo(
                "frame-" + offset,
                "/cameras/lobby",
                "lobby",
                Instant.EPOCH,
                Instant.EPOCH,
                640,
                480,
                new RecordPointer("camera-frames", 1, offset),
                null);
    }

    private static ConsumerRecord<byte[], byte[]> mark(int offset) {
        FrameMark mark = new FrameMark(frame(offset), 0, 0);
        ConsumerRecord<byte[], byte[]> record = record(offset, FrameMark.TYPE, Json.write(mark));
        record.headers().remove("ce_id").add(TestRecords.header("ce_id", mark.id()));
        return record;
    }

    private static ConsumerRecord<byte[], byte[]> face(int offset, byte[] chip) {
        return record(offset, Face.DETECTED_TYPE, chip);
    }

    private static ConsumerRecord<byte[], byte[]> record(int offset, String type, byte[] value) {
        Point point = new Point(10, 10);
        Face face = new Face(
                frame(offset),
                0,
                new Box(0, 0, 100, 100),
                new Landmarks(point, point, point, point, point),
                0.9f,
                new Quality(100, 300, 120, new Pose(0, 0, 0), null),
                null,
                new StageMillis(1f, null, null));
        Headers headers = TestRecords.headers(
                "ce_specversion",
                "1.0",
                "ce_id",
                face.id(),
                "ce_source",
                "/cameras/lobby",
                "ce_type",
                type,
                "ce_face",
                new String(Json.write(face), UTF_8));
        return new ConsumerRecord<>(
                "detected-faces",
                1,
                offset,
                0,
                TimestampType.LOG_APPEND_TIME,
                5,
                value.length,
                "lobby".getBytes(UTF_8),
                value,
                headers,
                Optional.empty());
    }

    private static final class Registry extends ModelRegistry {
        String active = "x-1";
        int reads;

        Registry() {
            super(null);
        }

        @Override
        public ModelVersion active() {
            return TestVersions.version(active, Status.ACTIVE);
        }

        @Override
        public byte[] weights(ModelVersion version) {
            reads++;
            return WEIGHTS;
        }
    }
}
