package io.facestream.sightings.message;

import io.cloudevents.CloudEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RateLimit;
import io.facestream.messaging.RejectedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jboss.logging.Logger;

/** Reads records of sightings. One that cannot be read is counted, logged once a minute, and left out. */
public final class SightingReader {
    private static final Logger LOG = Logger.getLogger(SightingReader.class);

    private final RateLimit reports = new RateLimit(Duration.ofMinutes(1));
    private final Runnable unreadable;

    /** @param unreadable is called for each record that cannot be read */
    public SightingReader(Runnable unreadable) {
        this.unreadable = unreadable;
    }

    public List<Sighting> read(ConsumerRecords<byte[], byte[]> batch) {
        List<Sighting> messages = new ArrayList<>();
        batch.forEach(record -> read(record).ifPresent(messages::add));
        return messages;
    }

    /** Never throws; empty for a record that cannot be read, or is of another type. */
    public Optional<Sighting> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            CloudEvent event = CloudEventRecords.require(record);
            return event.getType().equals(Sighting.TYPE)
                    ? Optional.of(Json.read(CloudEventRecords.data(event), Sighting.class))
                    : Optional.empty();
        } catch (RejectedException | RuntimeException e) {
            unreadable.run();
            if (reports.permits()) {
                LOG.warnf(
                        "%s-%d at offset %d is not a sighting, and is left out: %s",
                        record.topic(), record.partition(), record.offset(), e.getMessage());
            }
            return Optional.empty();
        }
    }
}
