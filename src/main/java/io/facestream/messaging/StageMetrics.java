package io.facestream.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What the loops of a transactional stage do, as metrics. Records, outputs and rejects count when they are committed: a batch that
 * comes again counts once.
 */
final class StageMetrics {
    private static final String PREFIX = "facestream.stage.";

    private final MeterRegistry registry;
    private final Tags tags;
    private final Counter records;
    private final DistributionSummary batches;
    private final Timer processing;
    private final Timer committing;
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
                .description("Records of a batch")
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
        committed = transactions("committed");
        aborted = transactions("aborted");
    }

    private Counter transactions(String outcome) {
        return Counter.builder(PREFIX + "transactions")
                .description("Batches that were committed, and attempts that were not")
                .tags(tags.and("outcome", outcome))
                .register(registry);
    }

    /** Shows how far a loop lags behind the ends of its partitions, and whether it gets on. */
    void watch(StageLoop loop) {
        Gauge.builder(PREFIX + "lag", loop, StageLoop::lag)
                .description("Records between the loop and the ends of its partitions, as of its last poll")
                .baseUnit("records")
                .tags(tags.and("member", loop.member()))
                .register(registry);
        Gauge.builder(
                        PREFIX + "since.good.step",
                        loop,
                        watched -> watched.sinceLastGoodStep().toMillis() / 1e3)
                .description("How long ago a loop last got through a step; an idle one does every 200 ms")
                .baseUnit("seconds")
                .tags(tags.and("member", loop.member()))
                .register(registry);
    }

    /** Of the work on a batch, whether it is committed or not. */
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

    /** A batch was given up, and comes again. */
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
