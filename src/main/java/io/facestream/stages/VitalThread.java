package io.facestream.stages;

import io.quarkus.runtime.Quarkus;
import org.jboss.logging.Logger;

/**
 * Threads that the process cannot do without. If one dies, the process exits with 1, so that its supervisor restarts
 * it.
 */
public final class VitalThread {
    private static final Logger LOG = Logger.getLogger(VitalThread.class);

    private VitalThread() {}

    /** A thread that is not started yet. */
    public static Thread of(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setUncaughtExceptionHandler((dead, failure) -> {
            LOG.fatalf(failure, "%s has died; ending the process", dead.getName());
            Quarkus.asyncExit(1);
        });
        return thread;
    }
}
