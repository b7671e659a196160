package io.facestream.cameras;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which of a camera's frames are sent. */
public enum Gating {
    /** Those with motion, and one every {@code keepAlive}. */
    @JsonProperty("motion")
    MOTION,
    /** All of them. */
    @JsonProperty("none")
    NONE;

    /** As on the wire and on the command line. */
    @Override
    public String toString() {
        return this == MOTION ? "motion" : "none";
    }
}
