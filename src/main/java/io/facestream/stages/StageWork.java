package io.facestream.stages;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a stage does with its records, and how much of it at a time.
 *
 * @param functions called once on each worker thread of each loop; what it makes serves that thread
 * @param threads 0: a loop has one worker, which gets a batch as a whole. Otherwise so many workers, which get one record at a
 *     time, side by side; what comes of the records is sent in their order all the same
 * @param cpuLimit the CPU time of the worker's own thread that a record may use. One that uses more, twice, is rejected. CPU time,
 *     for a frozen machine or a slow database is not the record's fault. Empty where a record is a command, which is carried out
 *     however long it takes
 * @param weight of a record, such as the pixels that it announces; 0 for one that costs next to nothing. Never throws
 * @param maxWeight of a batch; a batch has one record at least, whatever its weight
 */
public record StageWork(
        Supplier<BatchFunction> functions,
        int threads,
        Optional<Duration> cpuLimit,
        ToLongFunction<ConsumerRecord<byte[], byte[]>> weight,
        long maxWeight) {
    public StageWork {
        Objects.requireNonNull(functions, "functions");
        Objects.requireNonNull(cpuLimit, "cpuLimit");
        Objects.requireNonNull(weight, "weight");
        if (threads < 0 || maxWeight < 1) {
            throw new IllegalArgumentException(
                    "threads are 0 or more, and the weight 1 or more, not " + threads + " and " + maxWeight);
        }
    }

    /** Batches as they come, bounded by their number of records and bytes only. */
    public static StageWork ofBatches(Supplier<BatchFunction> functions) {
        return new StageWork(functions, 0, Optional.empty(), record -> 1, Long.MAX_VALUE);
    }

    /** Records one by one, side by side on so many threads. */
    public static StageWork ofRecords(Supplier<BatchFunction> functions, int threads) {
        return new StageWork(functions, threads, Optional.empty(), record -> 1, Long.MAX_VALUE);
    }

    public StageWork withCpuLimit(Duration limit) {
        return new StageWork(functions, threads, Optional.of(limit), weight, maxWeight);
    }

    public StageWork withWeight(ToLongFunction<ConsumerRecord<byte[], byte[]>> ofRecord, long maxOfBatch) {
        return new StageWork(functions, threads, cpuLimit, ofRecord, maxOfBatch);
    }

    boolean recordByRecord() {
        return threads > 0;
    }
}
