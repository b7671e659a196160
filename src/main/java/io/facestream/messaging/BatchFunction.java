package io.facestream.messaging;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a transactional stage does with a batch. An instance serves one loop, on that loop's thread. */
public interface BatchFunction extends AutoCloseable {
    /**
     * The records to send for each of these, in their order; all are sent together with the batch's offsets, or none. A
     * record whose content cannot be processed yields one for {@code rejected-records}, or an answer, never an exception. May
     * run again for the same records: what other effects it has must be the same as if it had run once.
     *
     * @throws Exception for an outage (a database that is away): the batch comes again after a pause
     */
    List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch) throws Exception;

    /** What was processed last is committed, and does not come again. */
    default void committed() {}

    @Override
    default void close() {}
}
