package io.facestream.cameras;

import io.facestream.cameras.states.CameraReport;

/**
 * How a camera gets on.
 *
 * <pre>
 *  connecting --> playing <--> frozen
 *      |             |            |
 *      +--> failing <+------------+     tried again for ever; playing with its next picture
 * </pre>
 */
sealed interface CameraState {
    /** It is being opened for the first time. */
    record Connecting() implements CameraState {}

    /** Its pictures come, and change. */
    record Playing() implements CameraState {}

    /** Its pictures come, and are all the same. */
    record Frozen() implements CameraState {}

    /**
     * No pictures come.
     *
     * @param why one line, without a login
     */
    record Failing(String why) implements CameraState {}

    /** As others are told of it. */
    default CameraReport.State reported() {
        if (this instanceof Connecting) {
            return CameraReport.State.CONNECTING;
        }
        if (this instanceof Playing) {
            return CameraReport.State.PLAYING;
        }
        return this instanceof Frozen ? CameraReport.State.FROZEN : CameraReport.State.FAILING;
    }

    /** Why it fails; null where it does not. */
    default String fault() {
        return this instanceof Failing failing ? failing.why() : null;
    }

    /** As metrics call it. */
    default String label() {
        return reported().code();
    }
}
