package io.facestream.enrolment;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import io.facestream.messaging.Topic;
import io.facestream.stages.BatchFunction;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Enrols the photos of a batch in sequence and answers each. A photo is stored before its answer is committed. If the
 * batch is repeated, the photo is found in the gallery and the answer is the same.
 */
final class EnrolmentBatch implements BatchFunction {
    private static final URI SOURCE = URI.create("/facestream/enrolment");

    private final Enroller enroller;
    private final MeterRegistry metrics;
    private final List<EnrolmentAnswer> uncounted = new ArrayList<>();

    EnrolmentBatch(Enroller enroller, MeterRegistry metrics) {
        this.enroller = enroller;
        this.metrics = metrics;
    }

    @Override
    public List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch)
            throws SQLException {
        List<List<ProducerRecord<byte[], byte[]>>> answers = new ArrayList<>(batch.size());
        uncounted.clear();
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            EnrolmentAnswer answer = enrol(record);
            uncounted.add(answer);
            answers.add(List.of(write(answer)));
        }
        return answers;
    }

    @Override
    public void committed() {
        uncounted.forEach(this::count);
    }

    private void count(EnrolmentAnswer answer) {
        String reason = answer instanceof EnrolmentAnswer.Rejected rejected ? rejected.reason() : "";
        String outcome = reason.isEmpty() ? "accepted" : "rejected";
        metrics.counter("facestream.enrolments", "outcome", outcome, "reason", reason)
                .increment();
    }

    private EnrolmentAnswer enrol(ConsumerRecord<byte[], byte[]> record) throws SQLException {
        String name = null;
        String id = RecordPointer.to(record).toString();
        try {
            LabelledFace photo = LabelledFace.of(record);
            name = photo.name();
            id = photo.id();
            return enroller.enrol(photo);
        } catch (EnrolmentRejection e) {
            return rejected(record, id, name, e);
        }
    }

    private static ProducerRecord<byte[], byte[]> write(EnrolmentAnswer answer) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId(answer.photo().toString())
                .withSource(SOURCE)
                .withType(EnrolmentAnswer.TYPE)
                .withSubject(answer.name())
                .withData("application/json", Json.write(answer))
                .build();
        byte[] key = answer.name() == null ? null : answer.name().getBytes(UTF_8);
        return CloudEventRecords.write(Topic.ENROLMENTS, null, key, event);
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> answer(
            ConsumerRecord<byte[], byte[]> record, RejectedException rejection) {
        EnrolmentRejection failed = new EnrolmentRejection(EnrolmentReason.PROCESSING_FAILED, rejection.getMessage());
        String id = RecordPointer.to(record).toString();
        String name = null;
        try {
            LabelledFace photo = LabelledFace.of(record);
            name = photo.name();
            id = photo.id();
        } catch (EnrolmentRejection e) {
            // The record has no readable name and id, so the answer has none.
        }
        return List.of(write(rejected(record, id, name, failed)));
    }

    private static EnrolmentAnswer rejected(
            ConsumerRecord<byte[], byte[]> record, String id, String name, EnrolmentRejection rejection) {
        byte[] photo = record.value() == null ? new byte[0] : record.value();
        return EnrolmentAnswer.Rejected.of(id, RecordPointer.to(record), Sha256.hex(photo), name, rejection);
    }

    @Override
    public void close() {
        enroller.close();
    }
}
