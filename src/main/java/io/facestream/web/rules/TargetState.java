package io.facestream.web.rules;

import java.time.Instant;

/**
 * How a target does, by the alerts that are remembered.
 *
 * @param waiting alerts that it has not been told yet
 * @param sentAt when it took one last; null if it never did
 * @param failedAt when one was given up, or its latest try failed; null if none was
 * @param failure why
 */
public record TargetState(String name, long waiting, Instant sentAt, Instant failedAt, String failure) {
    /** Whether what came last is a failure. */
    public boolean isFailing() {
        return failedAt != null && (sentAt == null || failedAt.isAfter(sentAt));
    }
}
