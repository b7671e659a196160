package io.facestream.sightings.message;

import io.cloudevents.CloudEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RateLimit;
import io.facestream.messaging.RejectedException;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jboss.logging.Logger;

/** Reads the records of a channel of sightings. What is none is counted, logged once a minute, and left out. */
public final class SightingReader {
    private static final Logger LOG = Logger.getLogger(SightingReader.class);

    private final RateLimit reports = new RateLimit(Duration.ofMinutes(1));
    private final Counter unreadable;

    public SightingReader(Counter unreadable) {
        this.unreadable = unreadable;
    }

    public List<Sighting> read(ConsumerRecords<byte[], byte[]> batch) {
        List<Sighting> messages = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            try {
                CloudEvent event = CloudEventRecords.require(record);
                if (event.getType().equals(Sighting.TYPE)) {
                    messages.add(Json.read(CloudEventRecords.data(event), Sighting.class));
                }
            } catch (RejectedException | RuntimeException e) {
                unreadable.increment();
                if (reports.permits()) {
                    LOG.warnf(
                            "%s-%d at offset %d is not a sighting, and is left out: %s",
                            record.topic(), record.partition(), record.offset(), e.getMessage());
                }
            }
        }
        return messages;
    }
}
