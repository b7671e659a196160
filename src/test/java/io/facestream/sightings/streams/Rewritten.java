package io.facestream.sightings.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.producer.ProducerRecord;

/** Records with another text in their JSON, as a stage of another build or somebody by hand might write them. */
final class Rewritten {
    private Rewritten() {}

    /** @param pattern a regular expression that the JSON holds */
    static ProducerRecord<byte[], byte[]> of(ProducerRecord<byte[], byte[]> record, String pattern, String text) {
        String json = new String(record.value(), UTF_8);
        String other = json.replaceAll(pattern, text);
        if (other.equals(json)) {
            throw new AssertionError(pattern + " is not in " + json);
        }
        return new ProducerRecord<>(
                record.topic(), record.partition(), record.key(), other.getBytes(UTF_8), record.headers());
    }
}
