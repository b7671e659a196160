package io.facestream.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Builds the records of {@code rejected-records}: the original key, value and headers, plus headers with its origin,
 * the rejecting stage and the reason. If the original does not fit or is stale, its size and SHA-256 replace it.
 */
public final class RejectedRecords {
    public static final String TOPIC = "facestream_topic";
    public static final String PARTITION = "facestream_partition";
    public static final String OFFSET = "facestream_offset";
    public static final String STAGE = "facestream_stage";
    public static final String REASON = "facestream_reason";
    public static final String MESSAGE = "facestream_message";
    public static final String SIZE = "facestream_size";
    public static final String SHA256 = "facestream_sha256";

    /** A longer key is not a usable name, and the record without its value must always fit. */
    private static final int MAX_LONE_KEY_BYTES = 4 << 10;

    private RejectedRecords() {}

    /** The record to send for {@code record}, which {@code stage} could not process; it always fits the topic. */
    public static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> record, String stage, RejectedException rejection) {
        if (rejection.reason() != RejectReason.STALE) {
            ProducerRecord<byte[], byte[]> whole = reject(record.key(), record.value(), record.headers());
            // An original may itself be such a pointer, but this record carries a whole value.
            whole.headers().remove(SIZE).remove(SHA256);
            describe(whole.headers(), record, stage, rejection);
            if (Topic.takes(whole)) {
                return whole;
            }
        }
        byte[] key = record.key() == null || record.key().length > MAX_LONE_KEY_BYTES ? null : record.key();
        ProducerRecord<byte[], byte[]> pointer = reject(key, null, List.of());
        describe(pointer.headers(), record, stage, rejection);
        byte[] value = record.value() == null ? new byte[0] : record.value();
        put(pointer.headers(), SIZE, Integer.toString(value.length));
        put(pointer.headers(), SHA256, Sha256.hex(value));
        return pointer;
    }

    private static ProducerRecord<byte[], byte[]> reject(byte[] key, byte[] value, Iterable<Header> headers) {
        return new ProducerRecord<>(Topic.REJECTED_RECORDS.topicName(), null, key, value, headers);
    }

    private static void describe(
            Headers headers, ConsumerRecord<byte[], byte[]> record, String stage, RejectedException rejection) {
        put(headers, TOPIC, record.topic());
        put(headers, PARTITION, Integer.toString(record.partition()));
        put(headers, OFFSET, Long.toString(record.offset()));
        put(headers, STAGE, stage);
        put(headers, REASON, rejection.reason().code());
        put(headers, MESSAGE, rejection.getMessage());
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(UTF_8));
    }
}
