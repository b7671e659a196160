package io.facestream.detection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.frames.CameraFrame;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers where each frame id first appeared, because two frames with one id would cause two events with one id. Best
 * effort: covers the last {@value #MOST} frames of each partition since the start of this process. A frame that is read
 * again from the same place is not a duplicate. Thread-safe.
 *
 * <p>Frames are noted in the order of their partition, before workers share them. Otherwise it would be uncertain which
 * of two came first.
 */
final class RecentFrames {
    /** About 1 MB a partition. */
    static final int MOST = 10_000;

    /** The first half of the SHA-256 of {@code ce_source} and {@code ce_id}, which may be long. */
    private record Key(long high, long low) {
        static Key of(CameraFrame frame) {
            ByteBuffer hash = ByteBuffer.wrap(Sha256.of((frame.source() + "\n" + frame.id()).getBytes(UTF_8)));
            return new Key(hash.getLong(), hash.getLong());
        }
    }

    /** Offsets by key, oldest first. */
    private static final class Offsets extends LinkedHashMap<Key, Long> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Long> eldest) {
            return size() > MOST;
        }
    }

    private final Map<Integer, Offsets> partitions = new HashMap<>();

    synchronized void note(CameraFrame frame) {
        if (frame.hasIdOfProducer()) {
            partitions
                    .computeIfAbsent(frame.pointer().partition(), partition -> new Offsets())
                    .merge(Key.of(frame), frame.pointer().offset(), Math::min);
        }
    }

    /** @throws RejectedException {@link RejectReason#DUPLICATE_ID} if an earlier frame is known to have the same id */
    void check(CameraFrame frame) throws RejectedException {
        long first = first(frame);
        if (first < frame.pointer().offset()) {
            throw new RejectedException(
                    RejectReason.DUPLICATE_ID,
                    "the frame at offset " + first + " has the same ce_source and ce_id, " + frame.source() + " and "
                            + frame.id() + ": each frame of a source needs an id of its own");
        }
    }

    private synchronized long first(CameraFrame frame) {
        Offsets offsets = partitions.get(frame.pointer().partition());
        return offsets == null || !frame.hasIdOfProducer()
                ? Long.MAX_VALUE
                : offsets.getOrDefault(Key.of(frame), Long.MAX_VALUE);
    }
}
