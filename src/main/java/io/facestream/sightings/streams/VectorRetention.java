package io.facestream.sightings.streams;

import io.facestream.messaging.RateLimit;
import java.time.Duration;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/** Tells which events of a partition have no vectors any more: {@code face-embeddings} is kept for a shorter time. */
final class VectorRetention {
    private static final Logger LOG = Logger.getLogger(VectorRetention.class);
    private static final RateLimit LOGGED = new RateLimit(Duration.ofMinutes(1));
    private static final Duration NOW_AND_THEN = Duration.ofMinutes(1);

    private final VectorLog log;
    private final int partition;
    private long firstFrame;
    private long askedAt;
    private boolean asked;

    VectorRetention(VectorLog log, int partition) {
        this.log = log;
        this.partition = partition;
    }

    /**
     * Whether the vectors of an event are gone that was read before them. They were on their topic before the event was
     * on its own, so what the topic does not hold any more will never come.
     *
     * @param frame offset on {@code camera-frames}
     * @param now by this process's clock
     */
    boolean isPast(long frame, long now) {
        if (!asked || now - askedAt >= NOW_AND_THEN.toMillis()) {
            OptionalLong first = log.firstFrame(partition);
            firstFrame = first.orElse(frame + 1);
            asked = true;
            askedAt = now;
        }
        if (frame < firstFrame && LOGGED.permits()) {
            LOG.warnf(
                    "%s-%d: the vectors of frames before offset %d of camera-frames are past their retention;"
                            + " the visits of that time are not told",
                    SightingsTopic.EVENTS, partition, firstFrame);
        }
        return frame < firstFrame;
    }
}
