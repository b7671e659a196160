package io.facestream.cli.publish;

import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * How footage is to be played.
 *
 * @param framesPerSecond how many to take, positive; empty for all of a video's and for pictures at once
 * @param damaged what becomes of frames that the decoder could not make whole
 * @param quarterTurns by which a video's pictures are turned clockwise
 * @param notices is told, in a line each, of what is odd
 */
record Playback(OptionalDouble framesPerSecond, Damaged damaged, int quarterTurns, Consumer<String> notices) {
    /** What becomes of damaged frames. */
    enum Damaged {
        SKIP,
        PUBLISH
    }

    /** Everything as it is, and nobody told. */
    static Playback plain(OptionalDouble framesPerSecond) {
        return new Playback(framesPerSecond, Damaged.SKIP, 0, notice -> {});
    }
}
