package io.facestream.stages;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The work of a stage on its records, and its limits.
 *
 * @param functions called once on each worker thread of each loop, to create that thread's function
 * @param threads 0 for one worker that receives whole batches. Otherwise the number of parallel workers that receive
 *     one record at a time; outputs are still sent in the order of the records
 * @param cpuLimit limit of CPU time per record on the worker's thread. A record that exceeds it twice is rejected. It
 *     limits CPU time because a frozen machine or a slow database is not the record's fault. Empty for commands, which
 *     may take any time
 * @param weight of a record, such as its announced pixels; 0 for a record that costs almost nothing. Must not throw
 * @param maxWeight of a batch; a batch has at least one record, whatever its weight
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
                    "threads must be 0 or more and the weight 1 or more, not " + threads + " and " + maxWeight);
        }
    }

    /** Processes whole batches, limited only by number of records and bytes. */
    public static StageWork ofBatches(Supplier<BatchFunction> functions) {
        return new StageWork(functions, 0, Optional.empty(), record -> 1, Long.MAX_VALUE);
    }

    /** Processes records one by one, in parallel on that many threads. */
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
