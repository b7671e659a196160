package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.embedded.TestServices;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** A broker as a producer and a subscriber see it; the tests' own unless told. */
final class Topics implements AutoCloseable {
    /** A training gives way to whatever else a machine does. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final RecordPointer NOWHERE = new RecordPointer("", 0, 0);

    private final KafkaConnection connection;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<Topic, KafkaConsumer<byte[], byte[]>> consumers = new EnumMap<>(Topic.class);
    private final Map<Topic, List<ConsumerRecord<byte[], byte[]>>> seen = new EnumMap<>(Topic.class);

    Topics() {
        this(TestServices.kafka().bootstrapServers());
    }

    /** Those of another broker. */
    Topics(String bootstrapServers) {
        connection = KafkaConnection.to(bootstrapServers);
        producer = connection.producer(Map.of());
    }

    /** Publishes a record and says where it lies; a null partition leaves the choice to the key. */
    RecordPointer publish(Topic topic, Integer partition, String key, byte[] value, Map<String, String> headers) {
        return publish(topic, partition, key == null ? null : key.getBytes(UTF_8), value, headers);
    }

    RecordPointer publish(Topic topic, Integer partition, byte[] key, byte[] value, Map<String, String> headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic.topicName(), partition, key, value);
        headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
        return publish(record);
    }

    RecordPointer publish(ProducerRecord<byte[], byte[]> record) {
        try {
            RecordMetadata metadata = producer.send(record).get();
            return new RecordPointer(metadata.topic(), metadata.partition(), metadata.offset());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("not published", e.getCause());
        }
    }

    /** The first record of a topic, from its beginning on, that is as wanted; waits until it is there. */
    ConsumerRecord<byte[], byte[]> await(Topic topic, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<ConsumerRecord<byte[], byte[]>> found =
                    seen(topic).stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no such record on " + topic.topicName() + " in " + PATIENCE + "; the last is "
                        + describe(seen(topic)));
            }
            poll(topic, Duration.ofMillis(100));
        }
    }

    /** Everything that lies on a topic by now. */
    List<ConsumerRecord<byte[], byte[]>> all(Topic topic) {
        KafkaConsumer<byte[], byte[]> consumer = consumer(topic);
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            poll(topic, Duration.ofMillis(100));
        }
        return List.copyOf(seen(topic));
    }

    /** Where a topic's partitions end. */
    Map<TopicPartition, Long> ends(Topic topic) {
        return consumer(topic).endOffsets(consumer(topic).assignment());
    }

    /** The frame mark of that frame, on that topic. */
    ConsumerRecord<byte[], byte[]> awaitMark(Topic topic, RecordPointer frame) {
        return await(topic, record -> isMark(record) && framePointer(record).equals(frame));
    }

    /** The faces of that frame on that topic; its mark is waited for, since it comes after them. */
    List<ConsumerRecord<byte[], byte[]>> awaitFaces(Topic topic, RecordPointer frame) {
        awaitMark(topic, frame);
        return seen(topic).stream()
                .filter(record -> !isMark(record) && framePointer(record).equals(frame))
                .toList();
    }

    /** All rejected records, as they were written. */
    ConsumerRecord<byte[], byte[]> awaitRejection(RecordPointer of) {
        return await(Topic.REJECTED_RECORDS, record -> rejected(record).equals(of));
    }

    /** The original's place, as a rejection names it. */
    static RecordPointer rejected(ConsumerRecord<byte[], byte[]> rejection) {
        return new RecordPointer(
                header(rejection, RejectedRecords.TOPIC),
                Integer.parseInt(header(rejection, RejectedRecords.PARTITION)),
                Long.parseLong(header(rejection, RejectedRecords.OFFSET)));
    }

    static boolean isMark(ConsumerRecord<byte[], byte[]> record) {
        return "io.facestream.frame-mark.v1".equals(header(record, "ce_type"));
    }

    /** The last header of that name as text; null if there is none. */
    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null
                ? null
                : UTF_8.decode(ByteBuffer.wrap(header.value())).toString();
    }

    /** The JSON of a record between stages. */
    static byte[] json(ConsumerRecord<byte[], byte[]> record) {
        Header facts = record.headers().lastHeader("ce_face");
        return facts == null ? record.value() : facts.value();
    }

    private static RecordPointer framePointer(ConsumerRecord<byte[], byte[]> record) {
        byte[] json = json(record);
        if (json == null) {
            return NOWHERE;
        }
        try {
            return Stream.of(Json.read(json, FramePointer.class))
                    .flatMap(message -> Stream.of(
                            message.frame,
                            message.face == null ? null : message.face.frame,
                            message.pointers == null ? null : new Frame(message.pointers.frame)))
                    .filter(frame -> frame != null && frame.pointer != null)
                    .map(frame -> frame.pointer)
                    .findFirst()
                    .orElse(NOWHERE);
        } catch (RejectedException e) {
            // One of the bad messages that tests put there.
            return NOWHERE;
        }
    }

    /** Where the messages of the data path say which frame they are about. */
    private record FramePointer(Frame frame, Framed face, Pointers pointers) {}

    private record Framed(Frame frame) {}

    private record Frame(RecordPointer pointer) {}

    private record Pointers(RecordPointer frame) {}

    private List<ConsumerRecord<byte[], byte[]>> seen(Topic topic) {
        return seen.computeIfAbsent(topic, t -> new ArrayList<>());
    }

    private void poll(Topic topic, Duration timeout) {
        consumer(topic).poll(timeout).forEach(seen(topic)::add);
    }

    private KafkaConsumer<byte[], byte[]> consumer(Topic topic) {
        return consumers.computeIfAbsent(topic, t -> {
            KafkaConsumer<byte[], byte[]> consumer = connection.consumer(new HashMap<>());
            List<TopicPartition> partitions = consumer.partitionsFor(t.topicName()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return consumer;
        });
    }

    private static String describe(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.isEmpty() ? "none" : records.get(records.size() - 1).toString();
    }

    @Override
    public void close() {
        producer.close();
        consumers.values().forEach(KafkaConsumer::close);
    }
}
