package io.facestream.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.messaging.RecordPointer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final Duration LIMIT = Duration.ofMillis(300);

    private final StuckWorkers stuck = new StuckWorkers();

    @Test
    void twoWorkersThatARecordKeepsBusyAreGivenUpAndTheThirdEndsTheLoop() throws Exception {
        AtomicBoolean free = new AtomicBoolean();
        StageWork endless =
                StageWork.ofRecords(() -> batch -> spinUntil(free, batch), 1).withCpuLimit(LIMIT);
        try (Workers workers = new Workers("endless", endless, stuck)) {
            for (int i = 0; i < StuckWorkers.MOST; i++) {
                assertThat(result(workers, 1).failure()).isInstanceOf(Overrun.class);
            }

            assertThatThrownBy(() -> result(workers, 1)).isInstanceOf(StuckWorkers.StuckWorkersError.class);

            free.set(true);
            Awaitility.await().until(() -> stuck.count() == 0);
        }
    }

    /** A record that fails ends the attempt; those beside it stay in their workers' hands. */
    @Test
    void workersThatHangBesideAFailureAreGivenUpTooAndTheirRecordsAreNamed() throws Exception {
        AtomicBoolean free = new AtomicBoolean();
        CountDownLatch hanging = new CountDownLatch(2);
        CyclicBarrier threeAtWork = new CyclicBarrier(3);
        StageWork work = StageWork.ofRecords(
                        () -> batch -> {
                            long offset = batch.get(0).offset();
                            if (offset == 0) {
                                hanging.await();
                                throw new IllegalStateException("no");
                            }
                            if (offset < 3) {
                                hanging.countDown();
                                spinUntil(free, batch);
                            } else {
                                threeAtWork.await();
                            }
                            return nothing(batch);
                        },
                        3)
                .withCpuLimit(LIMIT);
        try (Workers workers = new Workers("beside", work, stuck)) {
            Workers.Attempt failing = workers.begin(records(3));
            assertThat(finish(failing).failure()).hasMessage("no");
            failing.cancel();

            assertThat(finish(workers.begin(records(6).subList(3, 6))).outputs())
                    .hasSize(3);
            assertThat(stuck.count()).isEqualTo(2);
            assertThat(workers.overrunsOfCancelled())
                    .extracting(RecordPointer::offset)
                    .containsExactlyInAnyOrder(1L, 2L);
            assertThat(workers.overrunsOfCancelled()).isEmpty();
            free.set(true);
            Awaitility.await().until(() -> stuck.count() == 0);
        }
    }

    /** The thread survives the error. */
    @Test
    void aStackThatOverflowsIsTheRecordsFault() throws Exception {
        StageWork deep = StageWork.ofBatches(() -> batch -> {
            throw new StackOverflowError();
        });
        try (Workers workers = new Workers("deep", deep, stuck)) {
            assertThat(result(workers, 1).failure())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the stack overflowed");
        }
    }

    @Test
    void anErrorOfAWorkerWrappedOrNotIsThrownAndWhatHasNotBegunDoesNotBegin() throws Exception {
        Queue<Long> begun = new ConcurrentLinkedQueue<>();
        StageWork noMemory = StageWork.ofRecords(
                () -> batch -> {
                    begun.add(batch.get(0).offset());
                    if (batch.get(0).offset() > 0) {
                        Thread.sleep(1_000);
                        return nothing(batch);
                    }
                    throw new CompletionException(new OutOfMemoryError("as if there were none left"));
                },
                1);
        try (Workers workers = new Workers("no-memory", noMemory, stuck)) {
            assertThatThrownBy(() -> result(workers, 50)).isInstanceOf(OutOfMemoryError.class);
        }

        assertThat(begun).hasSizeLessThan(50);
    }

    @Test
    void aFunctionIsClosedByItsOwnThreadAfterItsWork() throws Exception {
        Queue<String> happened = new ConcurrentLinkedQueue<>();
        CountDownLatch atWork = new CountDownLatch(1);
        AtomicBoolean free = new AtomicBoolean();
        StageWork work = StageWork.ofBatches(() -> new BatchFunction() {
            @Override
            public List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch) {
                atWork.countDown();
                spinUntil(free, batch);
                happened.add("worked by " + Thread.currentThread().getName());
                return nothing(batch);
            }

            @Override
            public void close() {
                happened.add("closed by " + Thread.currentThread().getName());
            }
        });
        Workers workers = new Workers("closing", work, stuck);
        workers.begin(records(1));
        assertThat(atWork.await(10, TimeUnit.SECONDS)).isTrue();

        Thread closer = new Thread(workers::close);
        closer.start();
        Thread.sleep(300);
        assertThat(happened).isEmpty();
        free.set(true);
        closer.join();

        assertThat(happened).containsExactly("worked by closing-worker-0", "closed by closing-worker-0");
    }

    @Test
    void whatWentWellBeforeAFailureIsKept() throws Exception {
        StageWork work = StageWork.ofRecords(
                () -> batch -> {
                    if (batch.get(0).offset() == 3) {
                        throw new IllegalStateException("no");
                    }
                    return nothing(batch);
                },
                2);
        try (Workers workers = new Workers("prefix", work, stuck)) {
            Workers.Result result = result(workers, 6);

            assertThat(result.outputs()).hasSize(3);
            assertThat(result.failed()).isEqualTo(1);
            assertThat(result.failure()).hasMessage("no");
        }
    }

    @Test
    void aFunctionThatForgetsARecordFails() throws Exception {
        try (Workers workers = new Workers("forgetful", StageWork.ofBatches(() -> batch -> List.of()), stuck)) {
            assertThat(result(workers, 2).failure()).hasMessageContaining("0 outputs of 2 records");
        }
    }

    @Test
    void functionsThatWereMadeAreClosedWhereALaterOneCannotBe() {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        StageWork work = StageWork.ofRecords(
                () -> {
                    if (made.incrementAndGet() == 2) {
                        throw new IllegalArgumentException("no such model");
                    }
                    return new BatchFunction() {
                        @Override
                        public List<List<ProducerRecord<byte[], byte[]>>> process(
                                List<ConsumerRecord<byte[], byte[]>> batch) {
                            return nothing(batch);
                        }

                        @Override
                        public void close() {
                            closed.incrementAndGet();
                        }
                    };
                },
                3);

        assertThatThrownBy(() -> new Workers("broken", work, stuck)).hasMessage("no such model");

        assertThat(closed).hasValue(1);
    }

    private static Workers.Result result(Workers workers, int records) throws InterruptedException {
        return finish(workers.begin(records(records)));
    }

    private static Workers.Result finish(Workers.Attempt attempt) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!attempt.finished(Duration.ofMillis(50))) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        return attempt.result();
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(int count) {
        return IntStream.range(0, count)
                .mapToObj(offset -> new ConsumerRecord<byte[], byte[]>("camera-frames", 0, offset, null, null))
                .toList();
    }

    private static List<List<ProducerRecord<byte[], byte[]>>> nothing(List<ConsumerRecord<byte[], byte[]>> batch) {
        return Collections.nCopies(batch.size(), List.of());
    }

    /** Like native code, which ignores interrupts. */
    private static List<List<ProducerRecord<byte[], byte[]>>> spinUntil(
            AtomicBoolean free, List<ConsumerRecord<byte[], byte[]>> batch) {
        while (!free.get()) {
            Thread.onSpinWait();
        }
        return nothing(batch);
    }
}
