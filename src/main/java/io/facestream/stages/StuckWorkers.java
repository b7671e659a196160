package io.facestream.stages;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts abandoned workers of this process: a record kept them busy beyond its limit, and they have not returned.
 * Native code cannot be interrupted, so each may hold a core and memory until the process ends.
 */
final class StuckWorkers {
    /** Two, because a record is tried twice. */
    static final int MOST = 2;

    private final AtomicInteger stuck = new AtomicInteger();

    int count() {
        return stuck.get();
    }

    /** @throws StuckWorkersError if there are too many, so that the process must end and its supervisor restart it */
    void add(String worker) {
        if (stuck.incrementAndGet() > MOST) {
            throw new StuckWorkersError(worker + " is worker number " + (MOST + 1)
                    + " that a record keeps busy beyond its limit; only a restart frees its core");
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
