package io.facestream.stages;

import io.facestream.messaging.RecordPointer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/**
 * The threads that process a loop's records, each with a {@link BatchFunction} of its own, which it makes and closes itself: so none
 * loses its networks while it works. A worker that a record keeps busy beyond the limit of CPU time is given up, and another takes its
 * place. Used by the loop's thread alone.
 */
final class Workers implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Workers.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** How long a worker may take to end when the loop does; within the time that {@link Stages} grants loops. */
    private static final Duration END = Duration.ofSeconds(10);

    private final String name;
    private final StageWork work;
    private final StuckWorkers stuck;
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final List<Worker> workers = new ArrayList<>();
    /** Begun, and cancelled since: they go on, and keep their workers from other records. */
    private final List<Task> cancelled = new ArrayList<>();

    private final List<RecordPointer> overruns = new ArrayList<>();
    private int made;

    /** Starts the workers, and waits until each has made its function; what goes wrong there is thrown here. */
    Workers(String name, StageWork work, StuckWorkers stuck) {
        this.name = name;
        this.work = work;
        this.stuck = stuck;
        try {
            for (int i = 0; i < Math.max(1, work.threads()); i++) {
                add();
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void add() {
        Worker worker = new Worker(name + "-worker-" + made++);
        worker.start();
        workers.add(worker);
        worker.awaitFunction();
    }

    /** Gives the records to the workers. */
    Attempt begin(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Task> parts = new ArrayList<>();
        if (work.recordByRecord()) {
            records.forEach(record -> parts.add(new Task(List.of(record))));
        } else {
            parts.add(new Task(List.copyOf(records)));
        }
        tasks.addAll(parts);
        return new Attempt(parts);
    }

    /**
     * Records that used more than their limit though nobody asked any more for what comes of them; each call tells of those since
     * the last.
     */
    List<RecordPointer> overrunsOfCancelled() {
        List<RecordPointer> told = List.copyOf(overruns);
        overruns.clear();
        return told;
    }

    /** What was processed last is committed. */
    void committed() {
        workers.forEach(worker -> worker.function.committed());
    }

    /** The function of a worker that is not at work, if there is one. */
    BatchFunction function() {
        return workers.stream().filter(worker -> !worker.atWork).findFirst().orElse(workers.get(0)).function;
    }

    @Override
    public void close() {
        workers.forEach(Worker::end);
        long deadline = System.nanoTime() + END.toNanos();
        for (Worker worker : workers) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(worker, Math.max(1_000_000, deadline - System.nanoTime()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (worker.isAlive()) {
                LOG.warnf("%s did not end within %d s", worker.getName(), END.toSeconds());
            }
        }
    }

    /**
     * What came of an attempt.
     *
     * @param outputs of the records at the beginning that went well
     * @param failure of the record or records behind them; null where all went well
     * @param failed how many records failed together
     */
    record Result(List<List<ProducerRecord<byte[], byte[]>>> outputs, Throwable failure, int failed) {}

    /** Records that the workers have in hand. */
    final class Attempt {
        private final List<Task> parts;

        private Attempt(List<Task> parts) {
            this.parts = parts;
        }

        /**
         * Waits for so long, or until all is done, or as much as is of use after a failure. Gives up workers beyond the limit.
         *
         * @throws Error that a worker met: such as no memory
         */
        boolean finished(Duration wait) throws InterruptedException {
            long deadline = System.nanoTime() + wait.toNanos();
            for (Task part : parts) {
                while (!part.await(deadline - System.nanoTime())) {
                    lookAfterCancelled();
                    if (overran(part)) {
                        break;
                    }
                    if (System.nanoTime() - deadline >= 0) {
                        return false;
                    }
                }
                Throwable failure = part.failure();
                if (failure instanceof Error error) {
                    cancel();
                    throw error;
                }
                if (failure != null) {
                    cancel();
                    return true;
                }
            }
            return true;
        }

        /** What has not begun does not; what has goes on, and nobody asks for what comes of it. */
        void cancel() {
            cancelled.removeIf(task -> task.outcome.isDone());
            for (Task part : parts) {
                if (!tasks.remove(part) && !part.outcome.isDone() && !cancelled.contains(part)) {
                    cancelled.add(part);
                }
            }
        }

        /** Once it is finished. */
        Result result() {
            List<List<ProducerRecord<byte[], byte[]>>> outputs = new ArrayList<>();
            for (Task part : parts) {
                if (part.failure() != null) {
                    return new Result(outputs, part.failure(), part.records.size());
                }
                outputs.addAll(part.outcome.join().outputs);
            }
            return new Result(outputs, null, 0);
        }
    }

    private void lookAfterCancelled() {
        for (Task task : List.copyOf(cancelled)) {
            if (overran(task)) {
                task.records.forEach(record -> overruns.add(RecordPointer.to(record)));
            }
            if (task.failure() instanceof Error error) {
                throw error;
            }
            if (task.outcome.isDone()) {
                cancelled.remove(task);
            }
        }
    }

    /** Whether it has used too much; then its worker is replaced. */
    private boolean overran(Task task) {
        Worker worker = task.worker;
        if (work.cpuLimit().isEmpty() || worker == null) {
            return false;
        }
        Duration used = Duration.ofNanos(THREADS.getThreadCpuTime(worker.getId()) - task.cpuAtStart);
        Duration limit = work.cpuLimit().get();
        if (used.compareTo(limit) <= 0 || !task.giveUp(new Overrun(used, limit))) {
            return false;
        }
        replace(worker);
        return true;
    }

    private void replace(Worker worker) {
        LOG.warnf("%s is given up: what it works on has used more than its limit of CPU time", worker.getName());
        worker.givenUp = true;
        workers.remove(worker);
        stuck.add(worker.getName());
        add();
    }

    private record Outcome(List<List<ProducerRecord<byte[], byte[]>>> outputs, Throwable failure) {}

    /** Records that a worker processes together. */
    private static final class Task {
        private final List<ConsumerRecord<byte[], byte[]>> records;
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private long cpuAtStart;
        private volatile Worker worker;

        Task(List<ConsumerRecord<byte[], byte[]>> records) {
            this.records = records;
        }

        void run(Worker by) {
            cpuAtStart = THREADS.getThreadCpuTime(by.getId());
            worker = by;
            try {
                List<List<ProducerRecord<byte[], byte[]>>> outputs = by.function.process(records);
                if (outputs.size() != records.size()) {
                    throw new IllegalStateException(outputs.size() + " outputs of " + records.size() + " records");
                }
                outcome.complete(new Outcome(outputs, null));
            } catch (Throwable e) {
                outcome.complete(new Outcome(List.of(), errorOr(e)));
            }
        }

        /**
         * An error that came wrapped from another thread is an error all the same. A stack overflow leaves the thread intact: it is
         * the record's fault.
         */
        private static Throwable errorOr(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof StackOverflowError) {
                    return new IllegalStateException("the stack overflowed", cause);
                }
                if (cause instanceof Error) {
                    return cause;
                }
            }
            return failure;
        }

        boolean await(long nanos) throws InterruptedException {
            try {
                outcome.get(Math.max(0, Math.min(nanos, CPU_CHECK_NANOS)), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        boolean giveUp(Overrun overrun) {
            return outcome.complete(new Outcome(List.of(), overrun));
        }

        /** Null as long as there is none. */
        Throwable failure() {
            Outcome known = outcome.getNow(null);
            return known == null ? null : known.failure;
        }
    }

    private static final long CPU_CHECK_NANOS = Duration.ofMillis(200).toNanos();

    /** A daemon, so that one that is stuck does not keep the process from ending. */
    private final class Worker extends Thread {
        private final CountDownLatch ready = new CountDownLatch(1);
        private volatile BatchFunction function;
        private volatile Throwable broken;
        private volatile boolean atWork;
        private volatile boolean givenUp;
        private volatile boolean ended;

        Worker(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            try (BatchFunction mine = work.functions().get()) {
                function = mine;
                ready.countDown();
                while (!ended && !givenUp) {
                    Task task = tasks.take();
                    atWork = true;
                    task.run(this);
                    atWork = false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                broken = e;
            } finally {
                ready.countDown();
                if (givenUp) {
                    stuck.cameBack();
                    LOG.infof("%s, which had been given up, has come back", getName());
                }
            }
        }

        void awaitFunction() {
            try {
                ready.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (broken instanceof Error error) {
                throw error;
            }
            if (broken != null) {
                throw (RuntimeException) broken;
            }
        }

        void end() {
            ended = true;
            interrupt();
        }
    }
}
