package io.facestream.enrolment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class EnrolmentBatchTest {
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
}
