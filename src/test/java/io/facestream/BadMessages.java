package io.facestream;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Which records between stages were put there by tests and not by a stage. */
final class BadMessages {
    private static final String HEADER = "test_bad_message";

    private BadMessages() {}

    /** Marks the headers of a record that a test is about to send. */
    static Map<String, String> marked(Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(HEADER, "true");
        return all;
    }

    static boolean sentBy(ConsumerRecord<byte[], byte[]> record) {
        return record.headers().lastHeader(HEADER) != null;
    }
}
