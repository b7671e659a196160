package io.facestream.faces;

import io.facestream.frames.FrameInfo;

/**
 * Follows the faces of a frame, also where there are none, so that a subscriber knows when a frame is complete.
 *
 * @param faces records of faces that went before this mark
 * @param omitted faces found beyond the bound on faces per frame, the least confident ones
 */
public record FrameMark(FrameInfo frame, int faces, int omitted) {
    /** The {@code ce_type} of frame marks on every topic. */
    public static final String TYPE = "io.facestream.frame-mark.v1";

    /** Unique per source, the same after a replay: the frame's id, then {@code #mark}. */
    public String id() {
        return frame.id() + "#mark";
    }
}
