package io.facestream.stages;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Metrics of the loops of a transactional stage. Records, outputs and rejects are counted when they are committed, so a
 * repeated batch counts once.
 */
final class StageMetrics {
    private static final String PREFIX = "facestream.stage.";

    private final MeterRegistry registry;
    private final Tags tags;
    private final Counter records;
    private final DistributionSummary batches;
    private final Timer processing;
    private final Timer committing;
    private final Counter skipped;
    private final MultiGauge stuck;
    private final MultiGauge heldBack;
    private final Counter committed;
    private final Counter aborted;

    StageMetrics(MeterRegistry registry, String stage) {
        this.registry = registry;
        this.tags = Tags.of("stage", stage);
        records = Counter.builder(PREFIX + "records")
                .description("Records read and committed")
                .tags(tags)
                .register(registry);
        batches = DistributionSummary.builder(PREFIX + "batch.size")
                .description("Records per batch")
                .baseUnit("records")
                .tags(tags)
                .register(registry);
        processing = Timer.builder(PREFIX + "processing")
                .description("From the records of a batch to its outputs")
                .tags(tags)
                .publishPercentileHistogram()
                .register(registry);
        committing = Timer.builder(PREFIX + "committing")
                .description("Sending a batch's outputs and committing the transaction")
                .tags(tags)
                .publishPercentileHistogram()
                .register(registry);
        skipped = Counter.builder(PREFIX + "skipped")
                .description("Offsets that retention deleted before they were processed")
                .baseUnit("records")
                .tags(tags)
                .register(registry);
        stuck = MultiGauge.builder(PREFIX + "partition.stuck")
                .description("How long a partition has had records waiting without progress")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry);
        heldBack = MultiGauge.builder(PREFIX + "partition.held.back")
                .description("Records behind an open transaction that has held its partition back for 20 s or longer")
                .baseUnit("records")
                .tags(tags)
                .register(registry);
        committed = transactions("committed");
        aborted = transactions("aborted");
    }

    /**
     * @param ofPartitions how long records of each partition of this process have waited without progress. Of two input
     *     topics, partitions with one number count as one
     */
    void stuck(Map<TopicPartition, Duration> ofPartitions) {
        Map<Integer, Double> longest = new HashMap<>();
        ofPartitions.forEach(
                (partition, waiting) -> longest.merge(partition.partition(), waiting.toMillis() / 1e3, Math::max));
        stuck.register(rows(longest), true);
    }

    /** @param ofPartitions how many records of each partition of this process a transaction holds back */
    void heldBack(Map<TopicPartition, Long> ofPartitions) {
        Map<Integer, Long> sums = new HashMap<>();
        ofPartitions.forEach((partition, records) -> sums.merge(partition.partition(), records, Long::sum));
        heldBack.register(rows(sums), true);
    }

    private static List<MultiGauge.Row<?>> rows(Map<Integer, ? extends Number> ofPartitions) {
        return ofPartitions.entrySet().stream()
                .<MultiGauge.Row<?>>map(
                        of -> MultiGauge.Row.of(Tags.of("partition", Integer.toString(of.getKey())), of.getValue()))
                .toList();
    }

    /** Counts records that retention deleted before they were processed. */
    void skipped(long offsets) {
        skipped.increment(offsets);
    }

    private Counter transactions(String outcome) {
        return Counter.builder(PREFIX + "transactions")
                .description("Batches that were committed, and attempts that were not")
                .tags(tags.and("outcome", outcome))
                .register(registry);
    }

    /** Registers the lag and the liveness of a loop. */
    void watch(WatchedLoop loop, LongSupplier lag) {
        Gauge.builder(PREFIX + "lag", loop, watched -> lag.getAsLong())
                .description("Records between the loop's progress and the ends of its partitions")
                .baseUnit("records")
                .tags(tags.and("member", loop.member()))
                .register(registry);
        Gauge.builder(
                        PREFIX + "since.good.step",
                        loop,
                        watched -> watched.sinceLastGoodStep().toMillis() / 1e3)
                .description("Time since a loop last completed a step; an idle loop completes one every 200 ms")
                .baseUnit("seconds")
                .tags(tags.and("member", loop.member()))
                .register(registry);
    }

    /** Times the work on batches, committed or not. */
    Timer processing() {
        return processing;
    }

    Timer committing() {
        return committing;
    }

    /** @param outputs those of each record of the batch */
    void committed(List<List<ProducerRecord<byte[], byte[]>>> outputs) {
        committed.increment();
        records.increment(outputs.size());
        batches.record(outputs.size());
        outputs.forEach(ofRecord -> ofRecord.forEach(this::count));
    }

    /** Counts an abandoned batch, which will be retried. */
    void aborted() {
        aborted.increment();
    }

    private void count(ProducerRecord<byte[], byte[]> output) {
        if (output.topic().equals(Topic.REJECTED_RECORDS.topicName())) {
            registry.counter(PREFIX + "rejects", tags.and("reason", header(output, RejectedRecords.REASON)))
                    .increment();
        } else {
            registry.counter(
                            PREFIX + "outputs",
                            tags.and(
                                    "type",
                                    CloudEventRecords.kind(header(output, CloudEventRecords.TYPE)),
                                    "decision",
                                    header(output, CloudEventRecords.DECISION)))
                    .increment();
        }
    }

    private static String header(ProducerRecord<byte[], byte[]> output, String name) {
        Header header = output.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }
}
