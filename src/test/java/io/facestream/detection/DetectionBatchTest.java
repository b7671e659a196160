package io.facestream.detection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.facestream.SharedData;
import io.facestream.faces.Box;
import io.facestream.faces.ChipPng;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.Face;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FrameMark;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.liveness.LivenessNetwork;
import io.facestream.faces.liveness.LivenessScorer;
import io.facestream.faces.liveness.NetworkScorer;
import io.facestream.faces.rfb.RfbDetector;
import io.facestream.faces.rfb.RfbNetworks;
import io.facestream.faces.rfb.RfbSettings;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.frames.TestPictures;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Sha256;
import io.facestream.messaging.Topic;
import io.facestream.networks.ComputeDevice;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.Color;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DetectionBatchTest {
    private static final Instant NOW = Instant.parse("2026-05-04T09:30:00Z");
    private static final byte[] IMAGE =
            TestPictures.encode(TestPictures.halves(400, 300, Color.RED, Color.BLUE), "png");
    private static final int MAX_FACES = 3;
    private static final int MANY = 100;

    /** The width from which on faces are scored for liveness, and two faces as wide. */
    private static final int NEAR = 50;

    private static final DetectedFace CUT = face(0, 0, 0.99f);
    private static final DetectedFace WHOLE = face(150, 100, 0.98f);
    private static final CameraSettings SETTINGS = new CameraSettings(new Config(MAX_FACES));
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final FrameAge AGE = new FrameAge(SETTINGS, CLOCK);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void facesBeyondTheBoundAreCountedInTheMarkAndTheMostConfidentGoOn() throws Exception {
        List<ProducerRecord<byte[], byte[]>> outputs = process(picture -> faces(5), record("lobby", 0, NOW));

        assertThat(outputs).hasSize(MAX_FACES + 1);
        for (int i = 0; i < MAX_FACES; i++) {
            Face face = Json.read(outputs.get(i).headers().lastHeader("ce_face").value(), Face.class);
            assertThat(face.index()).isEqualTo(i);
            assertThat(face.confidence()).isEqualTo(faces(5).get(i).confidence());
            assertThat(header(outputs.get(i), "ce_id")).isEqualTo("camera-frames-1-0#" + i);
        }
        FrameMark mark = Json.read(outputs.get(MAX_FACES).value(), FrameMark.class);
        assertThat(mark.faces()).isEqualTo(MAX_FACES);
        assertThat(mark.omitted()).isEqualTo(2);
    }

    @Test
    void aFrameOfExactlyTheBoundOmitsNothing() throws Exception {
        List<ProducerRecord<byte[], byte[]>> outputs = process(picture -> faces(MAX_FACES), record("lobby", 0, NOW));

        FrameMark mark = Json.read(outputs.get(MAX_FACES).value(), FrameMark.class);
        assertThat(mark.faces()).isEqualTo(MAX_FACES);
        assertThat(mark.omitted()).isZero();
    }

    @Test
    void aFrameOlderThanItsCamerasLimitIsReportedAsStaleWithoutItsBytes() throws Exception {
        ConsumerRecord<byte[], byte[]> old = record("impatient", 7, NOW.minusMillis(1_001));

        List<ProducerRecord<byte[], byte[]>> outputs = process(picture -> faces(1), old);

        assertThat(outputs).hasSize(1);
        ProducerRecord<byte[], byte[]> stale = outputs.get(0);
        assertThat(stale.topic()).isEqualTo(Topic.REJECTED_RECORDS.topicName());
        assertThat(header(stale, RejectedRecords.REASON)).isEqualTo("stale");
        assertThat(header(stale, RejectedRecords.STAGE)).isEqualTo("detection");
        assertThat(header(stale, RejectedRecords.TOPIC)).isEqualTo("camera-frames");
        assertThat(header(stale, RejectedRecords.PARTITION)).isEqualTo("1");
        assertThat(header(stale, RejectedRecords.OFFSET)).isEqualTo("7");
        assertThat(header(stale, RejectedRecords.SIZE)).isEqualTo(Integer.toString(IMAGE.length));
        assertThat(header(stale, RejectedRecords.SHA256)).isEqualTo(Sha256.hex(IMAGE));
        assertThat(header(stale, RejectedRecords.MESSAGE)).contains("1001 ms").contains("1000");
        assertThat(stale.value()).isNull();
        assertThat(stale.key()).isEqualTo("impatient".getBytes(UTF_8));
    }

    @Test
    void ageIsCountedFromTheAppendAndOnlyWhereACameraHasALimit() throws Exception {
        ConsumerRecord<byte[], byte[]> wrongClock = record("impatient", 0, NOW.minusMillis(1_000));
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "1",
                        "ce_source", "/cameras/impatient",
                        "ce_type", "io.facestream.camera-frame.v1",
                        "ce_time", "1970-01-01T00:00:00Z")
                .forEach((name, text) -> wrongClock.headers().add(name, text.getBytes(UTF_8)));
        ConsumerRecord<byte[], byte[]> patient = record("lobby", 1, NOW.minus(Duration.ofDays(1)));

        List<ProducerRecord<byte[], byte[]>> outputs = process(picture -> faces(0), wrongClock, patient);

        assertThat(outputs).hasSize(2).allSatisfy(mark -> assertThat(header(mark, "ce_type"))
                .isEqualTo(FrameMark.TYPE));
    }

    @Test
    void aRejectedFrameKeepsItsPlaceAndEachMarkCountsTheFacesOfItsOwnFrame() throws Exception {
        byte[] noPicture = "no picture".getBytes(UTF_8);
        Map<Integer, Integer> found = Map.of(400, 2, 200, 0, 320, 1);

        List<ProducerRecord<byte[], byte[]>> outputs = process(
                picture -> faces(found.get(picture.width())),
                record("lobby", 0, NOW),
                record("lobby", 1, NOW, noPicture),
                record("lobby", 2, NOW, picture(200, 200)),
                record("impatient", 3, NOW.minusSeconds(2)),
                record("garden", 4, NOW, picture(320, 240)));

        assertThat(outputs.stream()
                        .map(output -> output.topic() + " "
                                + header(
                                        output,
                                        output.topic().equals("rejected-records") ? RejectedRecords.OFFSET : "ce_id")))
                .containsExactly(
                        "detected-faces camera-frames-1-0#0",
                        "detected-faces camera-frames-1-0#1",
                        "detected-faces camera-frames-1-0#mark",
                        "rejected-records 1",
                        "detected-faces camera-frames-1-2#mark",
                        "rejected-records 3",
                        "detected-faces camera-frames-1-4#0",
                        "detected-faces camera-frames-1-4#mark");
        assertThat(Json.read(outputs.get(2).value(), FrameMark.class).faces()).isEqualTo(2);
        assertThat(Json.read(outputs.get(4).value(), FrameMark.class).faces()).isZero();
        assertThat(Json.read(outputs.get(7).value(), FrameMark.class).faces()).isOne();
        assertThat(outputs.stream().filter(output -> output.topic().equals("detected-faces")))
                .allSatisfy(output -> assertThat(output.partition()).isEqualTo(1));
    }

    /** The loop tries it again, alone, before it rejects it: see BatchWorkTest. */
    @Test
    void aPictureOnWhichDetectionFailsIsNotRejectedAtOnce() {
        assertThatThrownBy(() -> process(
                        picture -> {
                            throw new IllegalStateException("as if the network had failed");
                        },
                        record("lobby", 0, NOW)))
                .hasMessage("as if the network had failed");
    }

    @Test
    void aStaleFrameWeighsNothingAndAnyOtherItsPixels() {
        FrameWeight weight = new FrameWeight(AGE, new RecentFrames());

        assertThat(weight.applyAsLong(record("impatient", 0, NOW.minusMillis(1_001))))
                .isZero();
        assertThat(weight.applyAsLong(record("impatient", 0, NOW))).isEqualTo(400 * 300);
        assertThat(weight.applyAsLong(record("lobby", 0, NOW.minusSeconds(60)))).isEqualTo(400 * 300);
        assertThat(weight.applyAsLong(record("lobby", 0, NOW, new byte[] {1, 2, 3})))
                .isEqualTo(1);
        assertThat(weight.applyAsLong(record("lobby", 0, NOW, new byte[0]))).isEqualTo(1);
    }

    @Test
    void aFrameWithTheIdOfAnEarlierOneIsRejectedAndNamesIt() throws Exception {
        ConsumerRecord<byte[], byte[]> first = withId("7", record("lobby", 3, NOW));
        ConsumerRecord<byte[], byte[]> second = withId("7", record("lobby", 5, NOW));

        // Workers do not keep to the order.
        List<ProducerRecord<byte[], byte[]>> outputs =
                process(picture -> faces(0), withId("8", record("lobby", 2, NOW)), first, second, first);

        assertThat(outputs.stream().map(output -> output.topic() + " " + header(output, "ce_id")))
                .containsExactly(
                        "detected-faces 8#mark",
                        "detected-faces 7#mark",
                        "rejected-records 7",
                        "detected-faces 7#mark");
        assertThat(header(outputs.get(2), RejectedRecords.REASON)).isEqualTo("duplicate-id");
        assertThat(header(outputs.get(2), RejectedRecords.MESSAGE)).contains("offset 3");
    }

    @Test
    void aDamagedFrameIsProcessedFlaggedAndCounted() throws Exception {
        byte[] damaged = DetectionBatchTest.class
                .getResourceAsStream("/damaged/half-then-end-marker.jpg")
                .readAllBytes();
        ConsumerRecord<byte[], byte[]> ofVideo = record("lobby", 1, NOW);
        ofVideo.headers().add("facestream_damaged", "1".getBytes(UTF_8));

        List<ProducerRecord<byte[], byte[]>> outputs =
                process(picture -> faces(1), record("lobby", 0, NOW, damaged), ofVideo, record("lobby", 2, NOW));

        assertThat(outputs).hasSize(6);
        for (int i = 0; i < 6; i += 2) {
            Face face = Json.read(outputs.get(i).headers().lastHeader("ce_face").value(), Face.class);
            FrameMark mark = Json.read(outputs.get(i + 1).value(), FrameMark.class);
            assertThat(face.frame().damaged()).isEqualTo(i < 4 ? true : null);
            assertThat(mark.frame().damaged()).isEqualTo(i < 4 ? true : null);
        }
        assertThat(new String(outputs.get(5).value(), UTF_8)).doesNotContain("damaged");
        assertThat(metrics.get("facestream.camera.damaged.frames")
                        .tag("camera", "lobby")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void aCamerasRotationMakesItsPicturesUprightWhateverSpacesItsNameHas() throws Exception {
        List<ProducerRecord<byte[], byte[]>> outputs =
                process(picture -> faces(0), record("on\u00a0its side", 0, NOW), record("lobby", 1, NOW));

        FrameMark turned = Json.read(outputs.get(0).value(), FrameMark.class);
        assertThat(turned.frame().camera()).isEqualTo("on its side");
        assertThat(outputs.get(0).key()).isEqualTo("on its side".getBytes(UTF_8));
        assertThat(turned.frame().width()).isEqualTo(300);
        assertThat(turned.frame().height()).isEqualTo(400);
        assertThat(Json.read(outputs.get(1).value(), FrameMark.class).frame().width())
                .isEqualTo(400);
    }

    /** Real faces: those in the middle are near and whole, those at the edge are cut, for the network. */
    @Test
    void allButTheFieldIsTheSameWithAndWithoutLiveness() throws Exception {
        byte[] crowd;
        try (Picture picture = SharedData.crowd(SharedData.lfwPhotos(12), 4)) {
            crowd = ChipPng.encode(picture);
        }
        ConsumerRecord<byte[], byte[]> frame = record("lobby", 0, NOW, crowd);
        try (RfbNetworks networks = RfbNetworks.load(ComputeDevice.CPU);
                RfbDetector detector = new RfbDetector(networks, RfbSettings.DEFAULT);
                LivenessNetwork network = LivenessNetwork.load(ComputeDevice.CPU)) {
            FaceLiveness liveness = new FaceLiveness(new NetworkScorer(network), NEAR, metrics);

            List<ProducerRecord<byte[], byte[]>> without = process(MANY, Optional.empty(), detector::detect, frame);
            List<ProducerRecord<byte[], byte[]>> with = process(MANY, Optional.of(liveness), detector::detect, frame);

            assertThat(with).hasSameSizeAs(without).hasSizeGreaterThan(8);
            for (int i = 0; i < with.size(); i++) {
                assertThat(with.get(i).key()).isEqualTo(without.get(i).key());
                assertThat(with.get(i).value()).isEqualTo(without.get(i).value());
                assertThat(headersButLiveness(with.get(i))).isEqualTo(headersButLiveness(without.get(i)));
            }
            assertThat(scored(without)).isEmpty();
            assertThat(scored(with))
                    .hasSizeBetween(1, with.size() - 2)
                    .allSatisfy(face -> assertThat(face.box().width()).isGreaterThanOrEqualTo(NEAR));
        }
    }

    @Test
    void aNearFacesScoreTravelsWithItsFacts() throws Exception {
        List<ProducerRecord<byte[], byte[]>> outputs =
                process(MANY, Optional.of(scoring(0.25f)), picture -> List.of(CUT, WHOLE), record("lobby", 0, NOW));

        assertThat(header(outputs.get(0), "ce_face")).doesNotContain("liveness");
        assertThat(facts(outputs.get(1)).liveness()).isEqualTo(0.25f);
        assertThat(outputs).hasSize(3);
    }

    /** What is no score fails. */
    @Test
    void aFrameWhoseFacesCannotBeScoredIsNotLost() throws Exception {
        List<ProducerRecord<byte[], byte[]>> outputs =
                process(MANY, Optional.of(scoring(Float.NaN)), picture -> List.of(CUT, WHOLE), record("lobby", 0, NOW));

        assertThat(outputs).hasSize(3).allMatch(output -> output.topic().equals("detected-faces"));
        assertThat(scored(outputs)).isEmpty();
        assertThat(metrics.get("facestream.liveness.failures").counter().count())
                .isEqualTo(1);
    }

    private FaceLiveness scoring(float score) {
        return new FaceLiveness(
                new LivenessScorer() {
                    @Override
                    public float[] score(Picture picture, List<Box> faces) {
                        float[] scores = new float[faces.size()];
                        Arrays.fill(scores, score);
                        return scores;
                    }

                    @Override
                    public void close() {}
                },
                NEAR,
                metrics);
    }

    /** The faces that have a score. */
    private static List<Face> scored(List<ProducerRecord<byte[], byte[]>> outputs) throws Exception {
        List<Face> scored = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> output : outputs) {
            if (header(output, "ce_face") != null && facts(output).liveness() != null) {
                scored.add(facts(output));
            }
        }
        return scored;
    }

    private static Face facts(ProducerRecord<byte[], byte[]> output) throws RejectedException {
        return Json.read(output.headers().lastHeader("ce_face").value(), Face.class);
    }

    /** Without the time that it took, either. */
    private static Map<String, JsonNode> headersButLiveness(ProducerRecord<byte[], byte[]> output) throws Exception {
        Map<String, JsonNode> headers = new TreeMap<>();
        for (Header header : output.headers()) {
            String text = new String(header.value(), UTF_8);
            boolean facts = header.key().equals("ce_face");
            headers.put(
                    header.key(),
                    facts
                            ? ((ObjectNode) new ObjectMapper().readTree(text)).without(List.of("liveness", "millis"))
                            : TextNode.valueOf(text));
        }
        return headers;
    }

    private static byte[] picture(int width, int height) {
        return TestPictures.encode(TestPictures.halves(width, height, Color.RED, Color.BLUE), "png");
    }

    private static ConsumerRecord<byte[], byte[]> withId(String id, ConsumerRecord<byte[], byte[]> record) {
        Map.of("ce_specversion", "1.0", "ce_id", id, "ce_source", "/a", "ce_type", "io.facestream.camera-frame.v1")
                .forEach((name, text) -> record.headers().remove(name).add(name, text.getBytes(UTF_8)));
        return record;
    }

    @SafeVarargs
    private List<ProducerRecord<byte[], byte[]>> process(
            Function<Picture, List<DetectedFace>> detector, ConsumerRecord<byte[], byte[]>... records)
            throws Exception {
        return process(MAX_FACES, Optional.empty(), detector, records);
    }

    @SafeVarargs
    private List<ProducerRecord<byte[], byte[]>> process(
            int maxFaces,
            Optional<FaceLiveness> liveness,
            Function<Picture, List<DetectedFace>> detector,
            ConsumerRecord<byte[], byte[]>... records)
            throws Exception {
        CameraMetrics cameras = new CameraMetrics(metrics);
        RecentFrames recent = new RecentFrames();
        FrameWeight weight = new FrameWeight(AGE, recent);
        List.of(records).forEach(weight::applyAsLong);
        try (DetectionBatch batch = new DetectionBatch(
                new Config(maxFaces),
                new PictureDecoder(new Bounds()),
                new FaceFinder(new FaceDetector() {
                    @Override
                    public List<DetectedFace> detect(Picture picture) {
                        return detector.apply(picture);
                    }

                    @Override
                    public void close() {}
                }),
                liveness,
                cameras,
                SETTINGS,
                AGE,
                recent,
                new OrientationWatch(SETTINGS, cameras, CLOCK))) {
            return batch.process(List.of(records)).stream()
                    .flatMap(List::stream)
                    .toList();
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(String camera, long offset, Instant appendedAt) {
        return record(camera, offset, appendedAt, IMAGE);
    }

    private static ConsumerRecord<byte[], byte[]> record(String camera, long offset, Instant appendedAt, byte[] value) {
        return new ConsumerRecord<>(
                "camera-frames",
                1,
                offset,
                appendedAt.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                camera.length(),
                value.length,
                camera.getBytes(UTF_8),
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    private static List<DetectedFace> faces(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> face(60 * i, 0, 0.99f - 0.01f * i))
                .toList();
    }

    private static DetectedFace face(float x, float y, float confidence) {
        Landmarks landmarks = new Landmarks(
                new Point(x + 35, y + 20),
                new Point(x + 15, y + 20),
                new Point(x + 25, y + 30),
                new Point(x + 33, y + 40),
                new Point(x + 17, y + 40));
        return new DetectedFace(new Box(x, y, 50, 50), landmarks, confidence);
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    private record Bounds() implements PictureBounds {
        @Override
        public int maxBytes() {
            return 4 << 20;
        }

        @Override
        public long maxPixels() {
            return 1_000_000;
        }
    }

    private record Camera(Optional<Duration> maxFrameAge, int rotation) implements DetectionConfig.CameraConfig {}

    /** One camera has a limit of a second, another hangs on its side. */
    private record Config(int maxFaces) implements DetectionConfig {
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
            return 16;
        }

        @Override
        public Duration recordCpuLimit() {
            return Duration.ofSeconds(30);
        }

        @Override
        public int threads() {
            return 2;
        }

        @Override
        public long maxBatchPixels() {
            return 40_000_000;
        }

        @Override
        public Detector detector() {
            return Detector.MTCNN;
        }

        @Override
        public Optional<Float> leastConfidence() {
            return Optional.empty();
        }

        @Override
        public Optional<Float> leastProposal() {
            return Optional.empty();
        }

        @Override
        public ComputeDevice device() {
            return ComputeDevice.AUTO;
        }

        @Override
        public int smallestFace() {
            return 40;
        }

        @Override
        public Optional<Duration> maxFrameAge() {
            return Optional.empty();
        }

        @Override
        public LivenessConfig liveness() {
            throw new UnsupportedOperationException("the stage's, not the batch's");
        }

        @Override
        public Map<String, CameraConfig> cameras() {
            return Map.of(
                    "impatient", new Camera(Optional.of(Duration.ofSeconds(1)), 0),
                    "on  its side\u00a0", new Camera(Optional.empty(), 90));
        }
    }
}
