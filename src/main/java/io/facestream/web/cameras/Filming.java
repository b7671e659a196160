package io.facestream.web.cameras;

import com.fasterxml.jackson.annotation.JsonValue;
import io.facestream.cameras.states.CameraReport;
import io.facestream.cameras.states.CameraStatesTopic;
import java.time.Instant;
import java.util.Locale;

/**
 * How a camera does that the role cameras films.
 *
 * @param since when it began to do so
 * @param why it fails, in one line; null where it does not
 * @param lastFrame when the process that films it last sent a frame; null if it never has
 */
public record Filming(Condition state, Instant since, String why, Instant lastFrame) {
    /** As {@link CameraReport.State} has them; and what nobody says any more. */
    public enum Condition {
        CONNECTING,
        PLAYING,
        FROZEN,
        FAILING,
        DISABLED,
        /** The process that filmed it has ended, or is silent. */
        UNATTENDED;

        @JsonValue
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Filming of(CameraStatesTopic.Entry entry, Instant now) {
        CameraReport report = entry.state();
        if (entry.isAttended(now)) {
            return new Filming(
                    Condition.valueOf(report.state().name()), report.since(), report.why(), report.lastFrame());
        }
        return new Filming(Condition.UNATTENDED, entry.leftAt(), null, report.lastFrame());
    }
}
