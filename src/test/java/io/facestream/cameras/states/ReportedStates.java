package io.facestream.cameras.states;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Says how cameras do, as the role cameras does. */
public final class ReportedStates {
    private ReportedStates() {}

    /** Returns when the broker has it. */
    public static void send(KafkaConnection connection, String camera, CameraReport report) throws Exception {
        CameraStatesTopic.ensure(connection, new TestTopicsConfig(1, true));
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            producer.send(CameraStatesTopic.record(camera, report)).get();
        }
    }
}
