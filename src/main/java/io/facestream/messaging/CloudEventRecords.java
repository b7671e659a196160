package io.facestream.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * CloudEvents 1.0 in the Kafka protocol binding's binary content mode: attributes in {@code ce_} headers, data in the
 * value.
 */
public final class CloudEventRecords {
    /** The header with the type of an event. */
    public static final String TYPE = "ce_type";

    /**
     * The header with the decision of an identity event, an extension attribute. Subscribers can filter by it without
     * reading the JSON.
     */
    public static final String DECISION = "ce_decision";

    private static final String ATTRIBUTE_PREFIX = "ce_";
    private static final String TYPE_PREFIX = "io.facestream.";
    private static final String TYPE_VERSION = ".v1";

    /** CloudEvents 1.0, section 3.1: required, and not empty. */
    private static final List<String> REQUIRED = List.of("ce_specversion", "ce_id", "ce_source", TYPE);

    /** The stages' own headers, including the facts about a face, stay under 4 kB. */
    private static final String CONTENT_TYPE = "content-type";

    private static final String STRUCTURED_MODE = "application/cloudevents";
    private static final int MAX_HEADER_BYTES = 1 << 16;

    private CloudEventRecords() {}

    /**
     * The event that a record carries; empty for a plain record, one without any {@code ce_} header.
     *
     * @throws RejectedException {@link RejectReason#BAD_HEADER} if the record has such headers but they do not form a
     *     valid event, or if it is in structured mode
     */
    public static Optional<CloudEvent> read(ConsumerRecord<byte[], byte[]> record) throws RejectedException {
        boolean plain = true;
        for (Header header : record.headers()) {
            if (header.key().startsWith(ATTRIBUTE_PREFIX)) {
                plain = false;
                checkText(header);
            }
        }
        if (plain) {
            refuseStructuredMode(record.headers().lastHeader(CONTENT_TYPE));
            return Optional.empty();
        }
        for (String name : REQUIRED) {
            requireText(name, record.headers().lastHeader(name));
        }
        try {
            return Optional.of(KafkaMessageFactory.createReader(record).toEvent());
        } catch (CloudEventRWException
                | IllegalArgumentException
                | IllegalStateException
                | NullPointerException
                | DateTimeException e) {
            throw new RejectedException(
                    RejectReason.BAD_HEADER, "the ce_ headers do not form a valid CloudEvent: " + e.getMessage(), e);
        }
    }

    /** The Kafka binding's other content mode has the whole event, attributes too, in the value. */
    private static void refuseStructuredMode(Header contentType) throws RejectedException {
        if (contentType != null
                && contentType.value() != null
                && contentType.value().length <= MAX_HEADER_BYTES
                && new String(contentType.value(), UTF_8)
                        .toLowerCase(Locale.ROOT)
                        .startsWith(STRUCTURED_MODE)) {
            throw new RejectedException(
                    RejectReason.BAD_HEADER,
                    "a CloudEvent in structured mode: send it in binary mode, with its attributes in ce_ headers and"
                            + " its data as the value");
        }
    }

    /** CloudEvents 1.0, section 3: strings hold no control characters; the Kafka binding writes them as UTF-8. */
    private static void checkText(Header header) throws RejectedException {
        if (header.value() == null) {
            return;
        }
        if (header.value().length > MAX_HEADER_BYTES) {
            throw new RejectedException(
                    RejectReason.BAD_HEADER,
                    header.key() + " has " + header.value().length + " bytes, more than " + MAX_HEADER_BYTES);
        }
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(header.value())).toString();
        } catch (CharacterCodingException e) {
            throw new RejectedException(RejectReason.BAD_HEADER, header.key() + " is not UTF-8", e);
        }
        if (text.isBlank() && REQUIRED.contains(header.key())) {
            return; // requireText reports it
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw new RejectedException(
                        RejectReason.BAD_HEADER,
                        header.key() + String.format(" has a control character, U+%04X", (int) text.charAt(i))
                                + ", at position " + (i + 1));
            }
        }
    }

    private static void requireText(String name, Header header) throws RejectedException {
        if (header == null || header.value() == null) {
            throw new RejectedException(RejectReason.BAD_HEADER, "there are ce_ headers, but no " + name);
        }
        if (new String(header.value(), UTF_8).isBlank()) {
            throw new RejectedException(RejectReason.BAD_HEADER, name + " is blank");
        }
    }

    /**
     * The event of a record between stages, where plain records are not allowed.
     *
     * @throws RejectedException if the record is not a valid event
     */
    public static CloudEvent require(ConsumerRecord<byte[], byte[]> record) throws RejectedException {
        return read(record)
                .orElseThrow(() -> new RejectedException(RejectReason.BAD_HEADER, "a record without ce_ headers"));
    }

    /** The data of an event; empty where it has no data, never null. */
    public static byte[] data(CloudEvent event) {
        return event.getData() == null ? new byte[0] : event.getData().toBytes();
    }

    /** The record that carries {@code event}; a null partition leaves the choice to the partitioner. */
    public static ProducerRecord<byte[], byte[]> write(Topic topic, Integer partition, byte[] key, CloudEvent event) {
        return KafkaMessageFactory.<byte[]>createWriter(topic.topicName(), partition, key)
                .writeBinary(event);
    }

    /** Passes on {@code event} as it arrived in {@code record}, to the same partition of the next topic. */
    public static ProducerRecord<byte[], byte[]> pass(
            Topic next, ConsumerRecord<byte[], byte[]> record, CloudEvent event) {
        return write(next, record.partition(), record.key(), event);
    }

    /**
     * The result of a stage for {@code event}: {@code message} as JSON with the same id, source, subject and time, for
     * the same partition of the next topic.
     */
    public static ProducerRecord<byte[], byte[]> follow(
            Topic next, ConsumerRecord<byte[], byte[]> record, CloudEvent event, String type, Object message) {
        CloudEvent following = CloudEventBuilder.v1()
                .withId(event.getId())
                .withSource(event.getSource())
                .withType(type)
                .withSubject(event.getSubject())
                .withTime(event.getTime())
                .withData("application/json", Json.write(message))
                .build();
        return pass(next, record, following);
    }

    /** The {@code ce_type} of a topic's events; {@code kind} is the topic's name in the singular. */
    public static String type(String kind) {
        return TYPE_PREFIX + kind + TYPE_VERSION;
    }

    /** The inverse of {@link #type}; returns a type unchanged if it is not one of ours. */
    public static String kind(String type) {
        return type.startsWith(TYPE_PREFIX) && type.endsWith(TYPE_VERSION)
                ? type.substring(TYPE_PREFIX.length(), type.length() - TYPE_VERSION.length())
                : type;
    }
}
