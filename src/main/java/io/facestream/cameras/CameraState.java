package io.facestream.cameras;

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

    /** As metrics call it. */
    default String label() {
        if (this instanceof Connecting) {
            return "connecting";
        }
        if (this instanceof Playing) {
            return "playing";
        }
        return this instanceof Frozen ? "frozen" : "failing";
    }
}
