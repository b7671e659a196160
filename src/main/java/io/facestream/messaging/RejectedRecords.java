package io.facestream.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Builds the records of {@code rejected-records}: the original key, value and headers, and headers that say where it lay,
 * which stage refused it and why. Where the original does not fit, or is stale, its size and SHA-256 stand for it.
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

    private static final int MAX_MESSAGE_CHARACTERS = 1_000;
    /** Room for our own headers and the batch's framing. */
    private static final int OVERHEAD_BYTES = 8 << 10;

    private RejectedRecords() {}

    /** The record to send for {@code record}, which {@code stage} could not process. */
    public static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> record, String stage, RejectedException rejection) {
        boolean whole = rejection.reason() != RejectReason.STALE
                && size(record) + OVERHEAD_BYTES <= Topic.REJECTED_RECORDS.maxMessageBytes();
        Headers headers = whole ? new RecordHeaders(record.headers()) : new RecordHeaders();
        put(headers, TOPIC, record.topic());
        put(headers, PARTITION, Integer.toString(record.partition()));
        put(headers, OFFSET, Long.toString(record.offset()));
        put(headers, STAGE, stage);
        put(headers, REASON, rejection.reason().code());
        put(headers, MESSAGE, abbreviated(rejection.getMessage()));
        if (!whole) {
            byte[] value = record.value() == null ? new byte[0] : record.value();
            put(headers, SIZE, Integer.toString(value.length));
            put(headers, SHA256, Sha256.hex(value));
        }
        byte[] key = whole || length(record.key()) <= OVERHEAD_BYTES / 2 ? record.key() : null;
        return new ProducerRecord<>(
                Topic.REJECTED_RECORDS.topicName(), null, key, whole ? record.value() : null, headers);
    }

    private static long size(ConsumerRecord<byte[], byte[]> record) {
        long size = (long) length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            size += header.key().length() * 3L + length(header.value()) + 10;
        }
        return size;
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(UTF_8));
    }

    private static String abbreviated(String message) {
        return message.length() <= MAX_MESSAGE_CHARACTERS
                ? message
                : message.substring(0, MAX_MESSAGE_CHARACTERS - 1) + "…";
    }
}
