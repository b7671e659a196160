package io.facestream.faces;

import io.facestream.faces.ChipTopic.Found;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/** A {@link ChipTopic} that is opened when it is first read, and anew after a failure. Used by one thread at a time. */
public final class LazyChips implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LazyChips.class);

    private final Supplier<ChipTopic> opening;
    private ChipTopic topic;

    public LazyChips(Supplier<ChipTopic> opening) {
        this.opening = opening;
    }

    /**
     * As {@link ChipTopic#read}.
     *
     * @throws KafkaException if the broker does not answer
     */
    public Map<ChipPlace, Found> read(Collection<ChipPlace> places, Duration patience) {
        try {
            if (topic == null) {
                topic = opening.get();
            }
            return topic.read(places, patience);
        } catch (KafkaException e) {
            close();
            throw e;
        }
    }

    /** Closes the topic; the next reading opens it again. */
    @Override
    public void close() {
        try {
            if (topic != null) {
                topic.close();
            }
        } catch (KafkaException e) {
            LOG.debug("the reader of chips could not be closed in order", e);
        } finally {
            topic = null;
        }
    }
}
