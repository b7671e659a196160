package io.facestream.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.stages.BatchFunction;
import io.facestream.training.commands.CommandLog;
import io.facestream.training.commands.FineTune;
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
 * Stores the commands of a batch for the workers, one after another, and answers each. A command that comes again is the one that is
 * stored already; it is answered as long as it waits.
 */
final class CommandBatch implements BatchFunction {
    /** The class of PostgreSQL's errors that a value is to blame for, such as a text with a NUL in it. */
    private static final String DATA_EXCEPTION = "22";

    /** No command's id is longer; a rejected record's key comes back in the answer. */
    private static final int MAX_KEY_BYTES = 256;

    private final CommandLog log;
    private final LabelledTopics topics;

    /** Topics that did not answer in this batch, and those that were asked for together with them. */
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
     * Where topics end. One may have lost its brokers: the first command of a batch waits for it, those behind do not, or the batch would
     * take longer than a member of the group may.
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

    /** Whatever reading stumbles over is in the record, and would be there again. */
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
                FineTune.withDefaults(cancel.target()), State.CANCELLED, "cancelled before it began");
        return log.cancel(cancel.target(), ended)
                ? TrainingProgress.of(cancel, State.DONE, cancel.target() + " ends")
                : TrainingProgress.of(cancel, State.FAILED, "no training " + cancel.target() + " is queued or running");
    }
}
