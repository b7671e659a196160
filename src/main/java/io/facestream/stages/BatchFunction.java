package io.facestream.stages;

import io.facestream.messaging.RejectedException;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The work of a transactional stage on a batch. An instance serves one worker thread of one loop. */
@FunctionalInterface
public interface BatchFunction extends AutoCloseable {
    /**
     * Returns the records to send for each input record, in the same order. Either all are sent together with the
     * batch's offsets, or none. A record with unusable content yields a record for {@code rejected-records} or an
     * answer, never an exception. The method may be called again with the same records or with some of them, so other
     * effects must be idempotent.
     *
     * @throws Exception for an outage, such as an unreachable database, as defined by {@link Outage}: the records are
     *     retried after a pause, fewer at a time. Any other exception may be caused by the content: half of the records
     *     are retried, then a quarter, and a record that fails alone twice is rejected
     */
    List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch) throws Exception;

    /** Additional records to send when a failing record is rejected, such as an answer to its sender. */
    default List<ProducerRecord<byte[], byte[]>> answer(
            ConsumerRecord<byte[], byte[]> record, RejectedException rejection) {
        return List.of();
    }

    /** Called while the worker is idle, after the last batch was committed and will not be repeated. */
    default void committed() {}

    @Override
    default void close() {}
}
