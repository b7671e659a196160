package io.facestream.cameras.motion;

/** What a gate says about a frame. */
public enum Verdict {
    /** Something moves, or moved a moment ago. */
    OPEN,
    /** Nothing moves; one frame in a while passes nevertheless. */
    KEEP_ALIVE,
    /** It does not pass. */
    SHUT;

    /** Whether the frame is to be sent. */
    public boolean passes() {
        return this != SHUT;
    }

    /** As the header of a frame has it. */
    @Override
    public String toString() {
        return switch (this) {
            case OPEN -> "open";
            case KEEP_ALIVE -> "keep-alive";
            case SHUT -> "shut";
        };
    }
}
