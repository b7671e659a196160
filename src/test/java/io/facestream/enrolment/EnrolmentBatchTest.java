package io.facestream.enrolment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.gallery.FaceSample;
import io.facestream.gallery.Identity;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import io.facestream.networks.ComputeDevice;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class EnrolmentBatchTest {
    private static final byte[] GOOD = {1, 2, 3};
    private static final byte[] BROKEN = {4};

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<String> enrolled = new ArrayList<>();
    private boolean away;
    private boolean closed;

    /** Whoever published the photo waits for an answer: a record on rejected-records alone would not reach them. */
    @Test
    void aPhotoOnWhichTheWorkFailsIsAnsweredToo() throws Exception {
        EnrolmentBatch batch = new EnrolmentBatch(null, new SimpleMeterRegistry());
        ConsumerRecord<byte[], byte[]> photo =
                new ConsumerRecord<>("labelled-faces", 2, 7, "Grace_Hopper".getBytes(UTF_8), new byte[] {1});

        ProducerRecord<byte[], byte[]> answer = batch.answer(
                        photo, new RejectedException(RejectReason.PROCESSING_FAILED, "the network failed"))
                .get(0);

        JsonNode json = new ObjectMapper().readTree(answer.value());
        assertThat(answer.topic()).isEqualTo("enrolments");
        assertThat(answer.key()).isEqualTo("Grace_Hopper".getBytes(UTF_8));
        assertThat(json.at("/outcome").asText()).isEqualTo("REJECTED");
        assertThat(json.at("/reason").asText()).isEqualTo("processing-failed");
        assertThat(json.at("/message").asText()).isEqualTo("the network failed");
        assertThat(json.at("/photo/offset").asInt()).isEqualTo(7);
    }

    @Test
    void aPhotoThatCannotBeDecodedIsAnsweredInItsPlaceAndTheOthersAreEnrolled() throws Exception {
        EnrolmentBatch batch = batch();

        List<JsonNode> answers = answers(batch, photo(0, "Ada", GOOD), photo(1, "Bob", BROKEN), photo(2, "Eve", GOOD));

        assertThat(answers.stream()
                        .map(answer -> answer.at("/photo/offset").asInt() + " "
                                + answer.at("/name").asText() + " "
                                + answer.at("/outcome").asText()))
                .containsExactly("0 Ada ACCEPTED", "1 Bob REJECTED", "2 Eve ACCEPTED");
        assertThat(answers.get(1).at("/reason").asText()).isEqualTo("undecodable");
        assertThat(answers.get(1).at("/sha256").asText()).isEqualTo(Sha256.hex(BROKEN));
        assertThat(enrolled).containsExactly("Ada", "Bob", "Eve");
    }

    @Test
    void aPhotoOfNobodyIsAnsweredWithoutANameAndNotEnrolled() throws Exception {
        List<JsonNode> answers = answers(
                batch(),
                photo(0, " ", GOOD),
                new ConsumerRecord<>("labelled-faces", 2, 1, null, GOOD),
                new ConsumerRecord<>("labelled-faces", 2, 2, new byte[] {(byte) 0xff}, null));

        assertThat(answers).hasSize(3).allSatisfy(answer -> {
            assertThat(answer.at("/reason").asText()).isEqualTo("no-name");
            assertThat(answer.hasNonNull("name")).isFalse();
        });
        assertThat(answers.get(2).at("/photoId").asText()).isEqualTo("labelled-faces-2-2");
        assertThat(enrolled).isEmpty();
    }

    @Test
    void anAnswersKeyIsThePersonsPlainNameSoThatAllOfOnePersonStayInOrder() throws Exception {
        List<List<ProducerRecord<byte[], byte[]>>> outputs =
                batch().process(List.of(photo(0, "Ada\u00a0 Lovelace", GOOD), photo(1, "Ada Lovelace", BROKEN)));

        assertThat(outputs).allSatisfy(ofOne -> assertThat(ofOne)
                .singleElement()
                .satisfies(answer -> assertThat(new String(answer.key(), UTF_8)).isEqualTo("Ada Lovelace")));
    }

    @Test
    void answersAreCountedOnceTheyAreCommittedAndNotBefore() throws Exception {
        EnrolmentBatch batch = batch();

        answers(batch, photo(0, "Ada", GOOD), photo(1, "Bob", BROKEN));
        assertThat(counted("accepted") + counted("rejected")).isZero();

        // the transaction was aborted, and the batch came again
        answers(batch, photo(0, "Ada", GOOD), photo(1, "Bob", BROKEN));
        batch.committed();

        assertThat(counted("accepted")).isOne();
        assertThat(counted("rejected")).isOne();
        assertThat(metrics.get("facestream.enrolments")
                        .tag("reason", "undecodable")
                        .counter()
                        .count())
                .isOne();
    }

    /** The loop tries the whole batch again: what is enrolled already is answered as before. */
    @Test
    void anOutageOfTheDatabaseRejectsNothing() {
        EnrolmentBatch batch = batch();
        away = true;

        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> batch.process(List.of(photo(0, "Ada", GOOD))));
    }

    @Test
    void theEnrollerIsClosedWithItsBatch() {
        batch().close();

        assertThat(closed).isTrue();
    }

    private double counted(String outcome) {
        return metrics.find("facestream.enrolments").tag("outcome", outcome).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @SafeVarargs
    private static List<JsonNode> answers(EnrolmentBatch batch, ConsumerRecord<byte[], byte[]>... photos)
            throws Exception {
        List<JsonNode> answers = new ArrayList<>();
        for (List<ProducerRecord<byte[], byte[]>> ofOne : batch.process(List.of(photos))) {
            assertThat(ofOne).hasSize(1);
            answers.add(new ObjectMapper().readTree(ofOne.get(0).value()));
        }
        return answers;
    }

    private static ConsumerRecord<byte[], byte[]> photo(int offset, String name, byte[] photo) {
        return new ConsumerRecord<>("labelled-faces", 2, offset, name.getBytes(UTF_8), photo);
    }

    private static FaceSample sample() {
        FaceSample sample = new FaceSample();
        sample.id = UUID.randomUUID();
        sample.identity = new Identity();
        sample.identity.id = UUID.randomUUID();
        sample.quality = new Quality(100, 300, 120, new Pose(0, 0, 0), 20f);
        return sample;
    }

    /** With an enroller that takes every photo but the broken one. */
    private EnrolmentBatch batch() {
        return new EnrolmentBatch(
                new Enroller(null, null, ComputeDevice.CPU, OptionalDouble.empty()) {
                    @Override
                    EnrolmentAnswer enrol(LabelledFace photo) throws EnrolmentRejection, SQLException {
                        if (away) {
                            throw new SQLException("as if the database were away", "08006");
                        }
                        enrolled.add(photo.name());
                        if (Arrays.equals(photo.photo(), BROKEN)) {
                            throw new EnrolmentRejection(EnrolmentReason.UNDECODABLE, "no picture");
                        }
                        return EnrolmentAnswer.Accepted.of(photo, Sha256.hex(photo.photo()), sample(), null);
                    }

                    @Override
                    public void close() {
                        closed = true;
                    }
                },
                metrics);
    }
}
