package io.facestream;

import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The visits that a faulty run told, and those that a run without faults tells of the same events: the role is stopped,
 * made to forget, and started again.
 */
final class FaultRunVisits {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int QUIET_POLLS = 20;

    private final KafkaConnection connection;
    private final Map<TopicPartition, Long> readTo = new HashMap<>();
    private int outOfSequence;
    private int unreadable;

    FaultRunVisits(KafkaConnection connection) {
        this.connection = connection;
    }

    /** The last message of each visit since the call before, when all have left and no more come. */
    Map<String, Sighting> read(Duration most) {
        Map<String, Sighting> rows = new TreeMap<>();
        long deadline = System.nanoTime() + most.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(Map.of())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.SIGHTINGS.topicName()).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            partitions.forEach(each -> consumer.seek(each, readTo.getOrDefault(each, 0L)));
            int quiet = 0;
            while (System.nanoTime() < deadline && quiet < QUIET_POLLS) {
                boolean silent = true;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    silent = false;
                    note(record, rows);
                }
                boolean over =
                        !rows.isEmpty() && rows.values().stream().allMatch(row -> row.change() == Sighting.Change.LEFT);
                quiet = silent && over ? quiet + 1 : 0;
            }
            partitions.forEach(each -> readTo.put(each, consumer.position(each)));
        }
        return rows;
    }

    private void note(ConsumerRecord<byte[], byte[]> record, Map<String, Sighting> rows) {
        try {
            Sighting told = Json.read(record.value(), Sighting.class);
            Sighting before = rows.put(told.source() + " " + told.sightingId(), told);
            outOfSequence += told.sequence() == (before == null ? 1 : before.sequence() + 1) ? 0 : 1;
        } catch (RejectedException e) {
            unreadable++;
        }
    }

    /** Makes the role, which is stopped, begin anew. */
    void forget() throws Exception {
        try (Admin admin = connection.admin()) {
            admin.deleteConsumerGroups(List.of("facestream-sightings")).all().get();
            admin.deleteTopics(
                            List.of("facestream-sightings-visits-changelog", "facestream-sightings-pending-changelog"))
                    .all()
                    .get();
        }
    }

    /** Whether both runs told the same visits, each message once and in order, and the database has them too. */
    boolean report(
            Map<String, Sighting> faulty,
            Map<String, Sighting> replayed,
            DataSource database,
            BiConsumer<String, Object> line)
            throws SQLException {
        List<String> differ = Stream.concat(faulty.keySet().stream(), replayed.keySet().stream())
                .distinct()
                .filter(key -> !Objects.equals(row(faulty.get(key)), row(replayed.get(key))))
                .toList();
        Map<String, Integer> stored = stored(database);
        long missing = faulty.entrySet().stream()
                .filter(row ->
                        stored.getOrDefault(row.getKey(), 0) < row.getValue().sequence())
                .count();
        long strange = stored.keySet().stream()
                .filter(key -> !faulty.containsKey(key) && !replayed.containsKey(key))
                .count();
        line.accept("visits with faults, and told again without", faulty.size() + ", " + replayed.size());
        line.accept("messages of visits that came twice, late or not", outOfSequence);
        line.accept("VISITS THAT DIFFER without faults", differ.size());
        differ.stream().limit(5).forEach(key -> line.accept("  " + row(faulty.get(key)), row(replayed.get(key))));
        line.accept("visits that the database lacks or has too many", missing + ", " + strange);
        return !faulty.isEmpty()
                && differ.isEmpty()
                && outOfSequence == 0
                && unreadable == 0
                && missing == 0
                && strange == 0;
    }

    private static String row(Sighting sighting) {
        return sighting == null
                ? null
                : String.join(
                        " ",
                        new ArrayList<>(List.of(
                                sighting.sightingId(),
                                sighting.subject().kind().toString(),
                                String.valueOf(sighting.subject().identityId()),
                                sighting.firstSeen().toString(),
                                sighting.lastSeen().toString(),
                                Long.toString(sighting.frames()))));
    }

    private static Map<String, Integer> stored(DataSource database) throws SQLException {
        Map<String, Integer> sequences = new HashMap<>();
        try (Connection connection = database.getConnection();
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("select source, sighting_id, sequence from facestream.sighting")) {
            while (rows.next()) {
                sequences.put(rows.getString(1) + " " + rows.getString(2), rows.getInt(3));
            }
        }
        return sequences;
    }
}
