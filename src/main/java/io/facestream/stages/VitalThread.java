package io.facestream.stages;

import io.quarkus.runtime.Quarkus;
import org.jboss.logging.Logger;

/** Threads without which the process is of no use: where one dies, the process ends with 1, for its supervisor to start again. */
public final class VitalThread {
    private static final Logger LOG = Logger.getLogger(VitalThread.class);

    private VitalThread() {}

    /** A thread that is not started yet. */
    public static Thread of(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setUncaughtExceptionHandler((dead, failure) -> {
            LOG.fatalf(failure, "%s has died, and the process ends with it", dead.getName());
            Quarkus.asyncExit(1);
        });
        return thread;
    }
}
