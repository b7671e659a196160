package io.facestream.stages;

import io.facestream.messaging.KafkaConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** A loop's producer, which sends outputs and offsets in one transaction. A producer that refuses is replaced. */
final class Transactions {
    private static final Logger LOG = Logger.getLogger(Transactions.class);

    private final KafkaConnection connection;
    private final String id;
    private KafkaProducer<byte[], byte[]> producer;

    /** @param id transactional id, stable and unique among all replicas */
    Transactions(KafkaConnection connection, String id) {
        this.connection = connection;
        this.id = id;
    }

    /** Creates a producer if there is none. This also ends a transaction that the id's last owner left open. */
    void open() {
        if (producer == null) {
            producer = connection.producer(settings());
            producer.initTransactions();
        }
    }

    /** @throws KafkaException if the transaction was not committed, or its outcome is unknown */
    void commit(
            List<List<ProducerRecord<byte[], byte[]>>> outputs,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata generation)
            throws InterruptedException {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (List<ProducerRecord<byte[], byte[]>> ofRecord : outputs) {
            for (ProducerRecord<byte[], byte[]> output : ofRecord) {
                sent.add(producer.send(output));
            }
        }
        producer.sendOffsetsToTransaction(offsets, generation);
        for (Future<RecordMetadata> record : sent) {
            try {
                record.get();
            } catch (ExecutionException e) {
                throw new KafkaException("the broker refused an output: " + e.getCause(), e.getCause());
            }
        }
        producer.commitTransaction();
    }

    void abort() {
        if (producer == null) {
            return;
        }
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            // Fenced, or in an unknown state after a timed-out commit: only a new producer can continue. An abort
            // without an open transaction, after a failed poll, lands here too; a new producer does no harm.
            LOG.debugf("%s: abort refused: %s", id, e.toString());
            close(Duration.ZERO);
        }
    }

    void close(Duration timeout) {
        if (producer != null) {
            producer.close(timeout);
            producer = null;
        }
    }

    /** Timeouts proven against frozen and killed brokers, killed stages and rebalances. */
    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 15_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return settings;
    }
}
