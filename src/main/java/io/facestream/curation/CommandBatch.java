package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.database.WrittenRows;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.stages.BatchFunction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Stores the commands of a batch for the worker, one after another, and answers what is no command. */
final class CommandBatch implements BatchFunction {
    /** No valid command id is longer. The answer repeats the key of a rejected record up to this size. */
    private static final int MOST_KEY_BYTES = 256;

    private final CommandStore store;
    private final Runnable stored;

    /** @param stored called after each batch with a command */
    CommandBatch(CommandStore store, Runnable stored) {
        this.store = store;
        this.stored = stored;
    }

    @Override
    public List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch)
            throws SQLException {
        List<List<ProducerRecord<byte[], byte[]>>> answers = new ArrayList<>(batch.size());
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            answers.add(store(record));
        }
        stored.run();
        return answers;
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> answer(
            ConsumerRecord<byte[], byte[]> record, RejectedException rejection) {
        return List.of(rejected(record, rejection.getMessage()));
    }

    private List<ProducerRecord<byte[], byte[]>> store(ConsumerRecord<byte[], byte[]> record) throws SQLException {
        GalleryCommand command;
        try {
            command = GalleryCommand.read(record.value() == null ? new byte[0] : record.value());
        } catch (RejectedException | IllegalArgumentException e) {
            return List.of(rejected(record, e.getMessage()));
        }
        try {
            store.store(command, requestedBy(record));
            return List.of();
        } catch (SQLException e) {
            if (!WrittenRows.isOfContent(e)) {
                throw e;
            }
            return List.of(rejected(record, "the database cannot hold it"));
        }
    }

    private static String requestedBy(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(GalleryCommand.REQUESTED_BY);
        if (header == null || header.value() == null) {
            return null;
        }
        String who = new String(header.value(), UTF_8).replace('\0', ' ');
        return who.substring(0, Math.min(GalleryCommand.MOST_REQUESTED_BY, who.length()));
    }

    private static ProducerRecord<byte[], byte[]> rejected(ConsumerRecord<byte[], byte[]> record, String why) {
        String key =
                record.key() == null || record.key().length > MOST_KEY_BYTES ? null : new String(record.key(), UTF_8);
        return EventsTopic.record(key, Json.write(GalleryEvent.unreadable(key, why)));
    }
}
