package io.facestream.video;

import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Which packets have to be decoded, so that each Nth of a second has a frame. Packets come in decoding order, which is
 * not the order of their times: so it is not the first frame of a slot that is decoded, but the first to come.
 */
final class FrameDemand {
    /** A decoder holds back at most 16 frames, so packets of older slots come no more. */
    private static final int REMEMBERED = 64;

    private final FrameSlots slots;
    private final TreeSet<Long> served = new TreeSet<>();

    FrameDemand(double framesPerSecond) {
        slots = new FrameSlots(framesPerSecond);
    }

    /** @param micros of the packet's frame since the source's start; empty if unknown */
    boolean wants(OptionalLong micros) {
        if (micros.isEmpty()) {
            return true;
        }
        boolean first = served.add(slots.of(micros.getAsLong()));
        if (served.size() > REMEMBERED) {
            served.pollFirst();
        }
        return first;
    }
}
