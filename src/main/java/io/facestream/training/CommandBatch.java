package io.facestream.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.stages.BatchFunction;
import io.facestream.training.commands.CommandLog;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.FineTuneBuilder;
import io.facestream.training.commands.TrainingCommand;
import io.facestream.training.commands.TrainingProgress;
import io.facestream.training.commands.TrainingProgress.State;
import io.facestream.training.data.LabelledTopics;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Stores the commands of a batch for the workers, one after another, and answers each. A command that is sent again is
 * the stored one; it is answered again while it is queued.
 */
final class CommandBatch implements BatchFunction {
    /** PostgreSQL's class of errors that a value causes, such as text with a NUL in it. */
    private static final String DATA_EXCEPTION = "22";

    /** No valid command id is longer. The answer repeats the key of a rejected record up to this size. */
    private static final int MAX_KEY_BYTES = 256;

    private final CommandLog log;
    private final LabelledTopics topics;

    /** Topics without an answer in this batch, and those that were asked for in the same request. */
    private final Set<String> silent = new HashSet<>();

    CommandBatch(CommandLog log, LabelledTopics topics) {
        this.log = log;
        this.topics = topics;
    }

    @Override
    public List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch)
            throws SQLException {
        List<List<ProducerRecord<byte[], byte[]>>> answers = new ArrayList<>(batch.size());
        silent.clear();
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            answers.add(answer(record).map(List::of).orElse(List.of()));
        }
        return answers;
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> answer(
            ConsumerRecord<byte[], byte[]> record, RejectedException rejection) {
        return List.of(rejected(record, rejection.getMessage()));
    }

    private Optional<ProducerRecord<byte[], byte[]>> answer(ConsumerRecord<byte[], byte[]> record) throws SQLException {
        TrainingCommand command;
        Map<String, Map<Integer, Long>> ends = Map.of();
        byte[] stored;
        try {
            command = read(record.value() == null ? new byte[0] : record.value());
            stored = Json.write(command);
            if (command instanceof FineTune fineTune) {
                ends = ends(named(fineTune));
            }
        } catch (RejectedException | IllegalArgumentException e) {
            return Optional.of(rejected(record, e.getMessage()));
        } catch (TimeoutException e) {
            return Optional.of(rejected(record, "its topics cannot be read now: " + e.getMessage()));
        }
        if (command instanceof TrainingCommand.Cancel cancel) {
            return Optional.of(ProgressTopic.record(cancel(cancel)));
        }
        try {
            return log.store(command, stored, ends)
                    ? Optional.of(ProgressTopic.record(TrainingProgress.of(command, State.QUEUED, null)))
                    : Optional.empty();
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().startsWith(DATA_EXCEPTION)) {
                throw e;
            }
            return Optional.of(rejected(record, "the database cannot hold it: " + e.getMessage()));
        }
    }

    /**
     * Where topics end. A topic may have lost its brokers. The first command of a batch waits for it, later ones do
     * not: otherwise the batch would exceed the time that the consumer group allows.
     */
    private Map<String, Map<Integer, Long>> ends(List<String> named) {
        if (named.stream().anyMatch(silent::contains)) {
            throw new TimeoutException("nothing came from the broker about " + TrainingCommand.shown(named.toString()));
        }
        try {
            return topics.ends(named);
        } catch (TimeoutException e) {
            silent.addAll(named);
            throw e;
        }
    }

    /** Any failure of reading comes from the record, and would come again. */
    private static TrainingCommand read(byte[] json) throws RejectedException {
        try {
            return TrainingCommand.read(json);
        } catch (NullPointerException | ClassCastException e) {
            throw new IllegalArgumentException("null, or a value of another type, where there is to be a value", e);
        }
    }

    private static ProducerRecord<byte[], byte[]> rejected(ConsumerRecord<byte[], byte[]> record, String why) {
        String key =
                record.key() == null || record.key().length > MAX_KEY_BYTES ? null : new String(record.key(), UTF_8);
        return ProgressTopic.record(TrainingProgress.rejected(key, why));
    }

    private static List<String> named(FineTune command) {
        return command.topics() == null ? List.of(Topic.LABELLED_FACES.topicName()) : new ArrayList<>(command.topics());
    }

    private TrainingProgress cancel(TrainingCommand.Cancel cancel) throws SQLException {
        TrainingProgress ended = TrainingProgress.of(
                new FineTuneBuilder(cancel.target()).build(), State.CANCELLED, "cancelled before it began");
        return log.cancel(cancel.target(), ended)
                ? TrainingProgress.of(cancel, State.DONE, cancel.target() + " ends")
                : TrainingProgress.of(cancel, State.FAILED, "no training " + cancel.target() + " is queued or running");
    }
}
