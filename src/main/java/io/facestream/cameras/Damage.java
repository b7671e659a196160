package io.facestream.cameras;

import java.util.TreeMap;

/**
 * Which frames show damage: those that the decoder marks, and those predicted from them, since the decoder marks only
 * the frame whose own data are broken. Frames are numbered as they are decoded; they come out in the order of
 * display. A key frame ends it.
 */
final class Damage {
    /**
     * Streams without key frames refresh the picture bit by bit, and none of the frames says that it is whole again.
     * Cameras' key frames are 1 to 10 s apart, and so are the cycles of such a refresh.
     */
    private static final long HEALED_AFTER_MICROS = 10_000_000;

    /** Numbers after which something is missing, with when that became known. */
    private final TreeMap<Long, Long> losses = new TreeMap<>();

    private long lastMicros;
    /** Whether a B frame was marked: others may be predicted from it. */
    private boolean between;

    /** What follows the frame of that number lacks something that it is predicted from. */
    void lossAfter(long number) {
        losses.put(number, lastMicros);
    }

    /**
     * Takes a frame.
     *
     * @param number in the order of decoding
     * @param marked whether the decoder marks it
     * @param key whether it is predicted from no other frame
     * @param disposable whether it hands nothing on but to others like it beside it (a B frame)
     * @param micros when it was taken
     * @return whether it shows damage
     */
    boolean shownBy(long number, boolean marked, boolean key, boolean disposable, long micros) {
        lastMicros = micros;
        if (key) {
            losses.headMap(number, true).clear();
        }
        while (!losses.isEmpty() && micros - losses.firstEntry().getValue() > HEALED_AFTER_MICROS) {
            losses.pollFirstEntry();
        }
        between = disposable && (between || marked);
        boolean predicted = !losses.isEmpty() && losses.firstKey() < number;
        if (marked && !disposable) {
            lossAfter(number);
        }
        return marked || between || predicted;
    }
}
