package io.facestream.stages;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Follows {@code detected-faces} as a subscriber with {@code read_committed} sees it, and counts what is wrong. */
final class CommittedOutputs implements AutoCloseable {
    /** @param records that came, right or wrong */
    record Counts(int records, int lost, int doubled, int outOfOrder) {}

    private record Arrival(String value, long appendedAt, long arrivedAt) {}

    private final String run;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<List<Arrival>> arrivals = new ArrayList<>();
    private final Thread thread = new Thread(this::follow, "subscriber");

    CommittedOutputs(KafkaConnection connection, String run) {
        this.run = run;
        consumer = connection.consumer(Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100));
        List<TopicPartition> partitions = IntStream.range(0, NumberedRecords.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(Topic.DETECTED_FACES.topicName(), partition))
                .toList();
        partitions.forEach(partition -> arrivals.add(new ArrayList<>()));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread.start();
    }

    private void follow() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    String value = new String(record.value(), UTF_8);
                    if (value.startsWith(run + ":")) {
                        add(record.partition(), new Arrival(value, record.timestamp(), System.currentTimeMillis()));
                    }
                }
            }
        } catch (WakeupException e) {
            // Closed.
        }
    }

    private synchronized void add(int partition, Arrival arrival) {
        arrivals.get(partition).add(arrival);
    }

    /** Whether the last output of that many records on every partition has come. */
    synchronized boolean complete(int rounds) {
        return IntStream.range(0, NumberedRecords.PARTITIONS).allMatch(partition -> {
            List<String> last = NumberedRecords.outputs(run, partition, rounds - 1);
            return arrivals.get(partition).stream()
                    .anyMatch(arrival -> arrival.value.equals(last.get(last.size() - 1)));
        });
    }

    synchronized Counts counts(int rounds) {
        int records = 0;
        int lost = 0;
        int doubled = 0;
        int outOfOrder = 0;
        for (int partition = 0; partition < NumberedRecords.PARTITIONS; partition++) {
            Map<String, Integer> places = new HashMap<>();
            for (int number = 0; number < rounds; number++) {
                for (String output : NumberedRecords.outputs(run, partition, number)) {
                    places.put(output, places.size());
                }
            }
            List<String> came =
                    arrivals.get(partition).stream().map(Arrival::value).toList();
            Set<String> distinct = new LinkedHashSet<>(came);
            records += came.size();
            doubled += came.size() - distinct.size();
            lost += places.size()
                    - (int) distinct.stream().filter(places::containsKey).count();
            int before = -1;
            for (String output : distinct) {
                int place = places.getOrDefault(output, -1);
                outOfOrder += place < before ? 1 : 0;
                before = Math.max(before, place);
            }
        }
        return new Counts(records, lost, doubled, outOfOrder);
    }

    /** The time from a moment to the first output that was written after it. */
    synchronized Duration firstOutput(Instant fault) {
        return Duration.ofMillis(firstOutputs(fault.toEpochMilli()).min().orElseThrow());
    }

    /**
     * From then until every partition had one; the first ones have their backlog worked off before the last is read.
     */
    synchronized Duration recovery(Instant fault) {
        return Duration.ofMillis(firstOutputs(fault.toEpochMilli()).max().orElseThrow());
    }

    private LongStream firstOutputs(long fault) {
        return arrivals.stream()
                .mapToLong(partition -> partition.stream()
                                .filter(arrival -> arrival.appendedAt > fault)
                                .mapToLong(Arrival::arrivedAt)
                                .min()
                                .orElseThrow(() -> new AssertionError("a partition did not go on"))
                        - fault);
    }

    /** The longest time between then and the end for which any partition had nothing new. */
    synchronized Duration longestSilence(Instant from) {
        long longest = 0;
        for (List<Arrival> partition : arrivals) {
            long before = from.toEpochMilli();
            for (Arrival arrival : partition) {
                if (arrival.arrivedAt > before) {
                    longest = Math.max(longest, arrival.arrivedAt - before);
                    before = arrival.arrivedAt;
                }
            }
        }
        return Duration.ofMillis(longest);
    }

    @Override
    public void close() throws InterruptedException {
        consumer.wakeup();
        thread.join();
    }
}
