package io.facestream.stages;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Workers of this process that were given up, since a record kept them busy beyond its limit, and that have not come back. Native code
 * cannot be interrupted: each holds a core and its memory until the process ends.
 */
final class StuckWorkers {
    /** Two, for a record is tried twice. */
    static final int MOST = 2;

    private final AtomicInteger stuck = new AtomicInteger();

    int count() {
        return stuck.get();
    }

    /** @throws StuckWorkersError if there are too many now: the process is to end, for its supervisor to start it again */
    void add(String worker) {
        if (stuck.incrementAndGet() > MOST) {
            throw new StuckWorkersError(worker + " is the worker number " + (MOST + 1)
                    + " that a record keeps busy beyond its limit; only a new process gets its cores back");
        }
    }

    void cameBack() {
        stuck.decrementAndGet();
    }

    /** Ends the loop, and with it the process. */
    static final class StuckWorkersError extends Error {
        private static final long serialVersionUID = 1L;

        StuckWorkersError(String message) {
            super(message);
        }
    }
}
