package io.facestream.video;

import java.util.TreeMap;

/**
 * Determines which frames show damage: those that the decoder marks, and those predicted from them. The decoder marks
 * only the frame whose own data are broken. Frames are numbered in decoding order but arrive in display order. A key
 * frame ends the damage.
 */
final class Damage {
    /**
     * Streams without key frames refresh the picture gradually, and no frame marks the end of a refresh. Key frames of
     * cameras are 1 to 10 s apart, and so are refresh cycles.
     */
    private static final long HEALED_AFTER_MICROS = 10_000_000;

    /** Frame numbers after which data are missing, with the time when that became known. */
    private final TreeMap<Long, Long> losses = new TreeMap<>();

    private long lastMicros;
    /** Whether the last B frames include a marked one, from which others may be predicted. */
    private boolean between;

    /** Notes that frames after this number are predicted from missing data. */
    void lossAfter(long number) {
        losses.put(number, lastMicros);
    }

    /**
     * Processes a frame.
     *
     * @param number in decoding order
     * @param marked whether the decoder marks it
     * @param key whether it is predicted from no other frame
     * @param disposable whether only neighbouring frames of the same kind may be predicted from it (a B frame)
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
