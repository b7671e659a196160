package io.facestream.stages;

import java.time.Duration;

/** The records of a task exceeded their limit of CPU time. */
final class Overrun extends Exception {
    private static final long serialVersionUID = 1L;

    Overrun(Duration used, Duration limit) {
        super("used " + used.toMillis() + " ms of CPU time, more than the " + limit.toMillis() + " allowed");
    }
}
