package io.facestream.sightings.streams;

import org.apache.kafka.common.TopicPartition;

/** How far the inputs of the thread that asks have been read. */
interface InputEnd {
    /** Notes that a record has been processed. */
    void processed(TopicPartition partition, long offset);

    /** Whether everything that is on the partition of both topics now has been processed. False if nobody can tell. */
    boolean isReached(int partition);
}
