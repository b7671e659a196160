package io.facestream.sightings.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.streams.FilmedCamera.Filmed;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A real broker with the topics of the role, what is written to its inputs, and what was told. */
final class SightingsBroker implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private final EmbeddedKafka broker;
    private final KafkaConnection connection;
    private final KafkaProducer<byte[], byte[]> producer;

    SightingsBroker(Path folder, int partitions) throws Exception {
        broker = EmbeddedKafka.start(folder, 0);
        connection = KafkaConnection.to(broker.bootstrapServers());
        TopicAdmin.ensure(
                connection,
                new TestTopicsConfig(partitions, true),
                List.of(Topic.FACE_EMBEDDINGS, Topic.IDENTITY_EVENTS, Topic.SIGHTINGS, Topic.REJECTED_RECORDS));
        producer = connection.producer(Map.of("transactional.id", "cameras"));
        producer.initTransactions();
    }

    String address() {
        return broker.bootstrapServers();
    }

    KafkaConnection connection() {
        return connection;
    }

    void send(List<Filmed> filmed) {
        write(filmed.stream().flatMap(frame -> Stream.of(frame.vectors(), frame.events())));
    }

    void sendVectors(List<Filmed> filmed) {
        write(filmed.stream().map(Filmed::vectors));
    }

    void sendEvents(List<Filmed> filmed) {
        write(filmed.stream().map(Filmed::events));
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        write(Stream.of(List.of(record)));
    }

    /** All in one transaction, as a stage does: for whoever reads, no pause of this process lies in the middle. */
    private void write(Stream<List<ProducerRecord<byte[], byte[]>>> records) {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent =
                records.flatMap(List::stream).map(producer::send).toList();
        producer.commitTransaction();
        // A record that did not arrive is not one that was lost later.
        assertThat(sent).allSatisfy(each -> assertThat(each.get().hasOffset()).isTrue());
    }

    /** All that was told so far, in committed transactions. */
    Told told() {
        return toldSince(Map.of());
    }

    /** @param ends of topic's partitions, from {@link #ends} */
    Told toldSince(Map<TopicPartition, Long> ends) {
        List<Sighting> found = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records(Topic.SIGHTINGS.topicName(), ends)) {
            try {
                Sighting sighting = Json.read(record.value(), Sighting.class);
                assertThat(record.partition())
                        .isEqualTo(sighting.best().pointers().frame().partition());
                assertThat(new String(record.key(), UTF_8)).isEqualTo(sighting.camera());
                found.add(sighting);
            } catch (RejectedException e) {
                throw new AssertionError(e);
            }
        }
        return new Told(found);
    }

    /** The ends of {@code sightings} so far. */
    Map<TopicPartition, Long> ends() {
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(Map.of())) {
            return consumer.endOffsets(partitions(consumer, Topic.SIGHTINGS.topicName()));
        }
    }

    List<ConsumerRecord<byte[], byte[]>> records(Topic topic) {
        return records(topic.topicName(), Map.of());
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic, Map<TopicPartition, Long> from) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(Map.of())) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            from.forEach(consumer::seek);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    /** Waits until what was told satisfies a condition. */
    void await(Predicate<Told> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(this::told, condition);
    }

    /** Waits until the final rows are these, and asserts that each message was told once. */
    void awaitRows(List<String> finalRows) {
        awaitRows(finalRows, Map.of());
    }

    /** @param ends of what was told before */
    void awaitRows(List<String> finalRows, Map<TopicPartition, Long> ends) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(300))
                    .untilAsserted(() -> assertThat(toldSince(ends).finalRows()).isEqualTo(finalRows));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(whereFacesWent(), e);
        }
        assertEachMessageOnce(toldSince(ends));
    }

    private static void assertEachMessageOnce(Told told) {
        Map<String, Integer> last = new HashMap<>();
        for (Sighting each : told.messages()) {
            String visit = each.source() + " " + each.sightingId();
            assertThat(each.sequence()).as(visit).isEqualTo(last.getOrDefault(visit, 0) + 1);
            last.put(visit, each.sequence());
        }
    }

    /** What tells a face that was lost from one that is late: what was left out, and what waits in the changelog. */
    private String whereFacesWent() {
        List<String> waiting = lastRows(SightingsStreams.APPLICATION + "-" + SightingsProcessor.PENDING + "-changelog");
        return "frames left out: " + SightingsReplica.leftOut() + "; rejected: "
                + records(Topic.REJECTED_RECORDS).size() + "; committed: " + committedOffsets()
                + "; rows that wait: " + waiting;
    }

    /** The keys of a changelog that have a value, and the partition and offset of that. */
    private List<String> lastRows(String changelog) {
        Map<String, String> rows = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records(changelog, Map.of())) {
            RowKey key = RowKey.read(record.key());
            ByteBuffer numbers = key.buffer();
            String name = key.camera() + " frame " + numbers.getLong() + " " + RowKey.Part.values()[numbers.get()] + " "
                    + numbers.getInt();
            if (record.value() == null) {
                rows.remove(name);
            } else {
                rows.put(name, name + " at " + record.partition() + "@" + record.offset());
            }
        }
        return List.copyOf(rows.values());
    }

    /** How far the group has read its inputs. */
    private String committedOffsets() {
        try (Admin admin = connection.admin()) {
            return new TreeMap<>(admin
                            .listConsumerGroupOffsets(SightingsStreams.APPLICATION)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .entrySet()
                            .stream()
                            .collect(Collectors.toMap(entry -> entry.getKey().toString(), entry -> entry.getValue()
                                    .offset())))
                    .toString();
        } catch (ExecutionException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        broker.close();
    }
}
