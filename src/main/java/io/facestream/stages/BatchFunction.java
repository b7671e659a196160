package io.facestream.stages;

import io.facestream.messaging.RejectedException;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a transactional stage does with a batch. An instance serves one worker thread of one loop. */
@FunctionalInterface
public interface BatchFunction extends AutoCloseable {
    /**
     * The records to send for each of these, in their order; all are sent together with the batch's offsets, or none. A
     * record whose content is known to be unfit yields one for {@code rejected-records}, or an answer, never an exception. May
     * run again for the same records, and for fewer of them: what other effects it has must be the same as if it had run once.
     *
     * @throws Exception for an outage (a database that is away), as {@link Outage} tells them: the records come again after a
     *     pause, fewer at a time. Of any other exception the content may be the cause: half of the records are tried, then a
     *     quarter, and one that fails alone, twice, is rejected
     */
    List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch) throws Exception;

    /** What is sent for a record that is rejected since it failed; beside the reject, an answer for whoever waits for one. */
    default List<ProducerRecord<byte[], byte[]>> answer(
            ConsumerRecord<byte[], byte[]> record, RejectedException rejection) {
        return List.of();
    }

    /** What was processed last is committed, and does not come again. Called while the worker rests. */
    default void committed() {}

    @Override
    default void close() {}
}
