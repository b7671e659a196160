package io.facestream.training;

import io.facestream.messaging.Json;
import io.facestream.models.ModelMetrics;
import io.facestream.training.commands.CheckpointLog;
import io.facestream.training.commands.CommandLog;
import io.facestream.training.commands.LeaseLostException;
import io.facestream.training.commands.TrainingCommand;
import io.facestream.training.commands.TrainingProgress;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The commands of one worker, in memory; a test takes its leases away, asks for cancels and has the database fail. */
final class MemoryCommandLog extends CommandLog {
    /** What was done, in order: {@code finished done}, {@code released}, {@code announced}. */
    final List<String> history;

    final Map<UUID, TrainingProgress> ends = new LinkedHashMap<>();
    final Map<UUID, byte[]> stored = new LinkedHashMap<>();
    final List<String> trainedOn = new ArrayList<>();
    private final List<Claimed> waiting = new ArrayList<>();
    private final List<Result> unannounced = new ArrayList<>();
    private final List<ModelMetrics.Epoch> epochs = new ArrayList<>();
    private byte[] checkpoint;
    private String version;
    private String objection;
    private long erased;
    private UUID lost;
    private boolean cancelRequested;
    private int failingRenewals;
    private int renewals;

    MemoryCommandLog() {
        this(new ArrayList<>());
    }

    /** @param history that others write into, too */
    MemoryCommandLog(List<String> history) {
        super(null, "test", Duration.ofMinutes(1));
        this.history = history;
    }

    synchronized void add(TrainingCommand command, int attempt) {
        waiting.add(claimed(command, attempt));
    }

    static Claimed claimed(TrainingCommand command, int attempt) {
        return new Claimed(command, Map.of(), Instant.EPOCH, attempt);
    }

    synchronized void addEnd(UUID command, byte[] progress) {
        unannounced.add(new Result(command, progress));
    }

    synchronized void loseLease(UUID command) {
        lost = command;
    }

    synchronized void requestCancel() {
        cancelRequested = true;
    }

    synchronized void failRenewals(int times) {
        failingRenewals = times;
    }

    synchronized void erase(long people) {
        erased = people;
    }

    synchronized void keep(byte[] latest, List<ModelMetrics.Epoch> ofEpochs) {
        checkpoint = latest;
        epochs.addAll(ofEpochs);
    }

    synchronized void note(String noted) {
        version = noted;
    }

    synchronized int renewals() {
        return renewals;
    }

    synchronized Optional<TrainingProgress> end(UUID command) {
        return Optional.ofNullable(ends.get(command));
    }

    @Override
    public synchronized boolean store(TrainingCommand command, byte[] json, Map<String, Map<Integer, Long>> topics) {
        stored.putIfAbsent(command.commandId(), json);
        return !ends.containsKey(command.commandId());
    }

    @Override
    public synchronized boolean cancel(UUID command, TrainingProgress ended) {
        return stored.containsKey(command);
    }

    @Override
    public synchronized Optional<Claimed> claim(List<String> kinds, boolean inOrder) {
        Optional<Claimed> next = waiting.stream()
                .filter(claimed -> kinds.contains(claimed.command().kind()))
                .findFirst();
        next.ifPresent(waiting::remove);
        return next;
    }

    private void requireHeld(UUID command) {
        if (command.equals(lost)) {
            throw new LeaseLostException(command);
        }
    }

    @Override
    public synchronized boolean renew(UUID command) throws SQLException {
        renewals++;
        if (failingRenewals > 0) {
            failingRenewals--;
            throw new SQLException("as if the database were away", "08006");
        }
        requireHeld(command);
        return cancelRequested;
    }

    @Override
    public synchronized void release(UUID command) {
        history.add("released");
    }

    @Override
    public synchronized void finish(UUID command, TrainingProgress result) {
        requireHeld(command);
        ends.put(command, result);
        addEnd(command, Json.write(result));
        history.add("finished " + result.state().label());
    }

    @Override
    public synchronized List<Result> unannounced() {
        return List.copyOf(unannounced);
    }

    @Override
    public synchronized void announced(UUID command) {
        unannounced.removeIf(result -> result.command().equals(command));
        history.add("announced");
    }

    @Override
    public CheckpointLog checkpoints() {
        return new Checkpoints();
    }

    /** Those of the same commands. */
    private final class Checkpoints extends CheckpointLog {
        Checkpoints() {
            super(null, "test");
        }

        @Override
        public void write(UUID command, List<ModelMetrics.Epoch> ofEpochs, byte[] state) {
            synchronized (MemoryCommandLog.this) {
                requireHeld(command);
                history.add("checkpoint " + ofEpochs.size());
            }
        }

        @Override
        public Optional<byte[]> latest(UUID command) {
            return Optional.ofNullable(checkpoint);
        }

        @Override
        public List<ModelMetrics.Epoch> epochs(UUID command) {
            return List.copyOf(epochs);
        }
    }

    @Override
    public synchronized String version(UUID command, String found) {
        version = version == null ? found : version;
        return version;
    }

    @Override
    public synchronized void trainedOn(UUID command, Collection<String> names) {
        trainedOn.addAll(names);
    }

    @Override
    public synchronized long erasedMeanwhile(UUID command) {
        return erased;
    }

    @Override
    public synchronized void object(UUID command, String why) {
        requireHeld(command);
        objection = why;
    }

    @Override
    public synchronized Optional<String> objection(UUID command) {
        return Optional.ofNullable(objection);
    }
}
