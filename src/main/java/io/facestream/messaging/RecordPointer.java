package io.facestream.messaging;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The place of a record: topic name, partition and offset. */
public record RecordPointer(String topic, int partition, long offset) {
    public static RecordPointer to(ConsumerRecord<?, ?> record) {
        return new RecordPointer(record.topic(), record.partition(), record.offset());
    }

    /** As in logs and in the ids of plain records: {@code camera-frames-0-42}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "-" + offset;
    }
}
