package io.facestream.cli.cameras;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.facestream.cameras.CameraDefinition;
import io.facestream.cameras.CamerasTopic;
import io.facestream.cameras.states.CameraReport;
import io.facestream.cameras.states.CameraStatesTopic;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A camera as one line of JSON.
 *
 * @param fault why its definition is unusable; null if it is not
 * @param doing how it does; null where that is not asked
 */
record ListedCamera(String camera, @JsonUnwrapped CameraDefinition definition, String fault, Doing doing) {
    /**
     * How a camera does.
     *
     * @param state as in {@code schemas/camera-state.json}, or {@code unattended} if nobody films it
     * @param since when that began; null if it was never filmed
     * @param why it fails; null where it does not
     * @param replica the process that films it; null if none does
     */
    record Doing(String state, Instant since, String why, String replica) {
        private static final String UNATTENDED = "unattended";

        /** @param entry what was last said of it; null if nothing was */
        static Doing of(CameraStatesTopic.Entry entry, Instant now) {
            if (entry == null) {
                return new Doing(UNATTENDED, null, null, null);
            }
            CameraReport report = entry.state();
            return entry.isAttended(now)
                    ? new Doing(report.state().code(), report.since(), report.why(), report.replica())
                    : new Doing(UNATTENDED, entry.leftAt(), null, null);
        }

        @Override
        public String toString() {
            return state
                    + (since == null ? "" : " since " + since.truncatedTo(ChronoUnit.SECONDS))
                    + (replica == null ? "" : " on " + replica)
                    + (why == null ? "" : ": " + why);
        }
    }

    static ListedCamera of(String camera, CameraDefinition definition) {
        return new ListedCamera(camera, definition, null, null);
    }

    static ListedCamera of(CamerasTopic.Entry entry, Doing doing) {
        return new ListedCamera(entry.camera(), entry.definition(), entry.fault(), doing);
    }
}
