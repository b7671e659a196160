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
 * The threads that process a loop's records. Each creates and closes its own {@link BatchFunction}, so that networks
 * are never closed during work. A worker that a record keeps busy beyond the limit of CPU time is abandoned and
 * replaced. Used only by the loop's thread.
 */
final class Workers implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Workers.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** How long a worker may take to end; shorter than the time that {@link Stages} gives a loop. */
    private static final Duration END = Duration.ofSeconds(10);

    private final String name;
    private final StageWork work;
    private final StuckWorkers stuck;
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final List<Worker> workers = new ArrayList<>();
    /** Tasks that were cancelled after they had begun: they still occupy their workers. */
    private final List<Task> cancelled = new ArrayList<>();

    private final List<RecordPointer> overruns = new ArrayList<>();
    private int made;

    /** Starts the workers and waits until each has created its function; rethrows what fails there. */
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

    /** Hands the records to the workers. */
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

    /** Records of cancelled tasks that exceeded their limit since the last call. */
    List<RecordPointer> overrunsOfCancelled() {
        List<RecordPointer> since = List.copyOf(overruns);
        overruns.clear();
        return since;
    }

    /** Tells the functions that the last batch was committed. */
    void committed() {
        workers.forEach(worker -> worker.function.committed());
    }

    /** The function of an idle worker, if there is one. */
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
     * The result of an attempt.
     *
     * @param outputs of the successful records, from the start of the batch
     * @param failure of the following record or records; null if all succeeded
     * @param failed how many records failed together
     */
    record Result(List<List<ProducerRecord<byte[], byte[]>>> outputs, Throwable failure, int failed) {}

    /** Records that the workers are processing. */
    final class Attempt {
        private final List<Task> parts;

        private Attempt(List<Task> parts) {
            this.parts = parts;
        }

        /**
         * Waits until all tasks are done, one has failed, or the time is over. Abandons workers beyond the limit.
         *
         * @throws Error thrown in a worker, such as OutOfMemoryError
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

        /** Removes waiting tasks. Running tasks continue, but their results are ignored. */
        void cancel() {
            cancelled.removeIf(task -> task.outcome.isDone());
            for (Task part : parts) {
                if (!tasks.remove(part) && !part.outcome.isDone() && !cancelled.contains(part)) {
                    cancelled.add(part);
                }
            }
        }

        /** The result, once the attempt is finished. */
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

    /** Whether the task has exceeded its limit; if so, replaces its worker. */
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
        LOG.warnf("%s is abandoned: its record has exceeded the limit of CPU time", worker.getName());
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
         * Unwraps an error that another thread wrapped in an exception. A stack overflow leaves the thread intact and
         * is the record's fault.
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

        /** Null unless it has failed. */
        Throwable failure() {
            Outcome known = outcome.getNow(null);
            return known == null ? null : known.failure;
        }
    }

    private static final long CPU_CHECK_NANOS = Duration.ofMillis(200).toNanos();

    /** A daemon thread, so that a stuck worker does not keep the process from ending. */
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
                    LOG.infof("%s, which had been abandoned, has returned", getName());
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
