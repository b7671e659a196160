package io.facestream.cli.publish;

import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * How to play footage.
 *
 * @param framesPerSecond frames to take per second, positive; empty for all frames of a video, and for pictures at once
 * @param damaged what to do with frames that the decoder could not restore completely
 * @param quarterTurns quarter turns by which a video's pictures are turned clockwise
 * @param notices gets a line about each peculiarity
 */
record Playback(OptionalDouble framesPerSecond, Damaged damaged, int quarterTurns, Consumer<String> notices) {
    /** What to do with damaged frames. */
    enum Damaged {
        SKIP,
        PUBLISH
    }

    /** Plays everything as it is, without notices. */
    static Playback plain(OptionalDouble framesPerSecond) {
        return new Playback(framesPerSecond, Damaged.SKIP, 0, notice -> {});
    }
}
