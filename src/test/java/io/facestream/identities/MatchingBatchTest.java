package io.facestream.identities;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.embeddings.EmbeddedFace;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.Box;
import io.facestream.faces.Face;
import io.facestream.faces.FrameMark;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.faces.StageMillis;
import io.facestream.frames.FrameInfo;
import io.facestream.gallery.GallerySearch;
import io.facestream.gallery.GalleryState;
import io.facestream.gallery.Neighbour;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.TestRecords;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.ModelVersion.Status;
import io.facestream.models.TestVersions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With registry and gallery in memory: a probe's nearest person is the one with the same vector. */
class MatchingBatchTest {
    private static final float[] ADA = {1, 0, 0, 0};
    private static final float[] BOB = {0, 1, 0, 0};
    private static final float[] NOBODY = {0, 0, 0, 1};
    private static final float NORM = 20;

    private final Registry registry = new Registry();
    private final Gallery gallery = new Gallery();
    private final MatchingConfig config = new SmallRyeConfigBuilder()
            .withConverter(Duration.class, 200, new DurationConverter())
            .withMapping(MatchingConfig.class)
            .withDefaultValue("facestream.matching.record-cpu-limit", "PT30S")
            .build()
            .getConfigMapping(MatchingConfig.class);
    private final MatchingBatch batch = new MatchingBatch(
            registry, new Matcher(gallery, config), new RecallSample(gallery, config, new SimpleMeterRegistry()));

    @AfterEach
    void close() {
        batch.close();
    }

    @Test
    void eachRecordHasOneOutputInItsPlaceWhateverBecomesOfIt() throws Exception {
        List<ProducerRecord<byte[], byte[]>> outputs = process(
                face(0, "x-1", ADA),
                face(1, "x-2", BOB),
                mark(2, 2),
                face(3, "gone-7", ADA),
                record(4, EmbeddedFace.TYPE, "no JSON".getBytes(UTF_8)),
                face(5, "x-1", NOBODY),
                face(6, "x-2", ADA));

        assertThat(outputs.stream().map(output -> output.topic() + " " + what(output)))
                .containsExactly(
                        "identity-events Ada",
                        "identity-events Bob",
                        "identity-events mark",
                        "rejected-records unknown-model-version",
                        "rejected-records bad-message",
                        "identity-events UNKNOWN",
                        "identity-events Ada");
        assertThat(outputs.stream().limit(3).map(ProducerRecord::partition)).containsOnly(1);
    }

    @Test
    void theFacesOfAVersionAreSearchedForTogetherAndOfAnotherVersionApart() throws Exception {
        process(face(0, "x-1", ADA), face(1, "x-2", BOB), face(2, "x-1", NOBODY), face(3, "x-2", ADA));

        assertThat(gallery.searches).containsOnly(Map.entry("x-1", List.of(2)), Map.entry("x-2", List.of(2)));
    }

    @Test
    void aVersionThatTheGalleryDoesNotHoldIsNamedAndLookedForAgainInTheNextBatch() throws Exception {
        ProducerRecord<byte[], byte[]> rejected =
                process(face(0, "late-1", ADA)).get(0);
        assertThat(header(rejected, RejectedRecords.REASON)).isEqualTo("unknown-model-version");
        assertThat(header(rejected, RejectedRecords.MESSAGE)).isEqualTo("the gallery holds no model version late-1");
        assertThat(header(rejected, RejectedRecords.STAGE)).isEqualTo("matching");
        assertThat(gallery.searches).isEmpty();

        registry.add("late-1");

        assertThat(process(face(1, "late-1", ADA)).get(0).topic()).isEqualTo("identity-events");
    }

    @Test
    void aVersionThatIsKnownIsNotReadAgainForEachFace() throws Exception {
        process(face(0, "x-1", ADA), face(1, "x-1", BOB));
        process(face(2, "x-1", ADA));

        assertThat(registry.reads).containsExactly("x-1");
    }

    @Test
    void anEmbeddingOfOtherDimensionsThanItsVersionsIsRejectedAndTheOthersGoOn() throws Exception {
        List<ProducerRecord<byte[], byte[]>> outputs = process(face(0, "x-1", new float[] {1, 0}), face(1, "x-1", ADA));

        assertThat(what(outputs.get(0))).isEqualTo("bad-message");
        assertThat(header(outputs.get(0), RejectedRecords.MESSAGE))
                .isEqualTo("model version x-1 has 4 dimensions, not 2");
        assertThat(what(outputs.get(1))).isEqualTo("Ada");
    }

    @Test
    void aVectorThatIsNotOfUnitLengthOrHasNoNormIsRejectedAndNotSearchedFor() throws Exception {
        List<ProducerRecord<byte[], byte[]>> outputs = process(
                face(0, "x-1", new float[] {3, 0, 0, 0}),
                face(1, "x-1", new float[] {0, 0, 0, 0}),
                face(2, "x-1", ADA, null),
                face(3, "x-1", ADA, -1f));

        assertThat(outputs).allSatisfy(output -> assertThat(what(output)).isEqualTo("bad-message"));
        assertThat(outputs.stream().map(output -> header(output, RejectedRecords.MESSAGE)))
                .containsExactly(
                        "an embedding must have unit length, not 3.0",
                        "an embedding must have unit length, not 0.0",
                        "an embedded face without a norm",
                        "an embedding's norm must be positive, not -1.0");
        assertThat(gallery.searches).isEmpty();
    }

    @Test
    void anEventOfAnotherKindAndARecordThatIsNoEventAreRejectedForTheirHeaders() throws Exception {
        ConsumerRecord<byte[], byte[]> bare = new ConsumerRecord<>("face-embeddings", 1, 1, null, new byte[0]);

        List<ProducerRecord<byte[], byte[]>> outputs =
                process(record(0, "io.facestream.camera-frame.v1", new byte[0]), bare);

        assertThat(outputs.stream().map(output -> header(output, RejectedRecords.MESSAGE)))
                .containsExactly("unexpected ce_type: io.facestream.camera-frame.v1", "a record without ce_ headers");
        assertThat(outputs).allSatisfy(output -> assertThat(what(output)).isEqualTo("bad-header"));
    }

    @Test
    void aMarkThatHoldsNoMarkIsRejectedAndAProperOnePassesAsItCame() throws Exception {
        ConsumerRecord<byte[], byte[]> proper = mark(1, 3);

        List<ProducerRecord<byte[], byte[]>> outputs =
                process(record(0, FrameMark.TYPE, "{\"faces\": 1}".getBytes(UTF_8)), proper);

        assertThat(what(outputs.get(0))).isEqualTo("bad-message");
        assertThat(outputs.get(1).value()).isEqualTo(proper.value());
        assertThat(outputs.get(1).key()).isEqualTo(proper.key());
        assertThat(header(outputs.get(1), "ce_id")).isEqualTo("event-1");
    }

    @Test
    void anEventSaysWhereItsEmbeddingLiesAndTheDecisionInAHeader() throws Exception {
        ProducerRecord<byte[], byte[]> output = process(face(7, "x-1", ADA)).get(0);

        JsonNode event = new ObjectMapper().readTree(output.value());
        assertThat(event.at("/pointers/embedding/offset").asInt()).isEqualTo(7);
        assertThat(event.at("/galleryRevision").asInt()).isEqualTo(5);
        assertThat(event.at("/candidates/0/name").asText()).isEqualTo("Ada");
        assertThat(header(output, CloudEventRecords.DECISION)).isEqualTo("KNOWN");
    }

    /** The loop keeps the batch and tries it again. */
    @Test
    void anOutageOfTheDatabaseIsNoReasonToRejectAnything() {
        gallery.away = true;

        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> process(face(0, "x-1", ADA)));
    }

    @Test
    void aBatchOfMarksAloneAsksTheDatabaseNothing() throws Exception {
        registry.away = true;
        gallery.away = true;

        assertThat(process(mark(0, 0), mark(1, 0))).hasSize(2);
        assertThat(batch.process(List.of())).isEmpty();
    }

    @SafeVarargs
    private List<ProducerRecord<byte[], byte[]>> process(ConsumerRecord<byte[], byte[]>... records)
            throws SQLException {
        List<List<ProducerRecord<byte[], byte[]>>> outputs = batch.process(List.of(records));
        assertThat(outputs).hasSize(records.length).allSatisfy(ofOne -> assertThat(ofOne)
                .hasSize(1));
        return outputs.stream().map(ofOne -> ofOne.get(0)).toList();
    }

    /** The most specific of name, decision, reason and {@code mark}. */
    private static String what(ProducerRecord<byte[], byte[]> output) {
        if (output.topic().equals("rejected-records")) {
            return header(output, RejectedRecords.REASON);
        }
        if (header(output, "ce_type").equals(FrameMark.TYPE)) {
            return "mark";
        }
        try {
            JsonNode event = new ObjectMapper().readTree(output.value());
            return event.hasNonNull("name")
                    ? event.get("name").asText()
                    : event.get("decision").asText();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String header(ProducerRecord<byte[], byte[]> output, String name) {
        return TestRecords.header(output.headers(), name);
    }

    private static ConsumerRecord<byte[], byte[]> mark(int offset, int faces) {
        return record(offset, FrameMark.TYPE, Json.write(new FrameMark(frame(offset), faces, 0)));
    }

    private static ConsumerRecord<byte[], byte[]> face(int offset, String version, float[] vector) {
        return face(offset, version, vector, NORM);
    }

    private static ConsumerRecord<byte[], byte[]> face(int offset, String version, float[] vector, Float norm) {
        Point point = new Point(10, 10);
        Face face = new Face(
                frame(offset),
                0,
                new Box(0, 0, 100, 100),
                new Landmarks(point, point, point, point, point),
                0.9f,
                new Quality(100, 300, 120, new Pose(0, 0, 0), norm),
                null,
                new StageMillis(1f, 1f, null));
        return record(
                offset,
                EmbeddedFace.TYPE,
                Json.write(new EmbeddedFace(face, new RecordPointer("detected-faces", 1, offset), version, vector)));
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

    private static ConsumerRecord<byte[], byte[]> record(int offset, String type, byte[] value) {
        Headers headers = TestRecords.headers(
                "ce_specversion", "1.0", "ce_id", "event-" + offset, "ce_source", "/cameras/lobby", "ce_type", type);
        return new ConsumerRecord<>(
                "face-embeddings",
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

    /** Two versions at first. */
    private static final class Registry extends ModelRegistry {
        final List<String> reads = new ArrayList<>();
        boolean away;
        private final Map<String, ModelVersion> versions = new TreeMap<>();

        Registry() {
            super(null);
            add("x-1");
            add("x-2");
        }

        void add(String name) {
            versions.put(name, TestVersions.version(name, Status.ACTIVE));
        }

        @Override
        public Optional<ModelVersion> findSearchable(String version) throws SQLException {
            if (away) {
                throw new SQLException("as if the database were away", "08006");
            }
            reads.add(version);
            return Optional.ofNullable(versions.get(version));
        }
    }

    /** Ada and Bob, under every version. */
    private static final class Gallery extends GallerySearch {
        final Map<String, List<Integer>> searches = new TreeMap<>();
        boolean away;

        Gallery() {
            super(null);
        }

        @Override
        public Result nearest(ModelVersion version, List<Embedding> probes, int k) throws SQLException {
            if (away) {
                throw new SQLException("as if the database were away", "08006");
            }
            searches.computeIfAbsent(version.version(), first -> new ArrayList<>())
                    .add(probes.size());
            return new Result(
                    new GalleryState(5, 2, 0),
                    probes.stream().map(Gallery::nearest).toList());
        }

        private static List<Neighbour> nearest(Embedding probe) {
            Neighbour ada = neighbour(1, "Ada", ADA, probe);
            Neighbour bob = neighbour(2, "Bob", BOB, probe);
            return ada.distance() <= bob.distance() ? List.of(ada, bob) : List.of(bob, ada);
        }

        private static Neighbour neighbour(int id, String name, float[] vector, Embedding probe) {
            return new Neighbour(new UUID(0, id), name, (float) probe.distance(Embedding.ofUnitVector(vector, NORM)));
        }

        @Override
        public Optional<Boolean> findsNearest(ModelVersion version, Embedding probe, int k) {
            return Optional.of(true);
        }
    }
}
