package io.facestream.models;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Operating system calls for heavy background work that Java does not offer. They work on Linux; elsewhere they do
 * nothing, and the work competes with the cameras.
 */
public final class BackgroundWork {
    private static final Logger LOG = Logger.getLogger(BackgroundWork.class);

    /**
     * Nice value of a background thread. When it competes for a core, it gets a tenth of the share of other threads
     * (110 to 1,024, by sched(7)); otherwise it gets the whole core.
     */
    private static final int NICE = 10;

    private static final int PRIO_PROCESS = 0;
    private static final int CALLING_THREAD = 0;

    /**
     * TensorFlow's environment variable that gives each session its own thread pool, instead of one pool per process.
     */
    private static final String OWN_POOLS = "TF_OVERRIDE_GLOBAL_THREADPOOL";

    private static final Optional<C> LIBRARY = load();

    private BackgroundWork() {}

    /** Functions of glibc. */
    private interface C extends Library {
        int setpriority(int which, int who, int priority);

        int setenv(String name, String value, int overwrite);

        int malloc_trim(NativeLong pad);
    }

    private static Optional<C> load() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Native.load("c", C.class));
        } catch (LinkageError e) {
            LOG.warnf(
                    "cannot call the C library (%s): training will compete with the cameras for the cores",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Gives each session its own thread pool from now on, with the size and priority of the thread that opens it. Must
     * be called before the first network of the process is loaded.
     */
    public static void separateSessions() {
        if (System.getenv(OWN_POOLS) == null) {
            call(c -> c.setenv(OWN_POOLS, "1", 0));
        }
    }

    /**
     * Lowers the priority of the calling thread and of every thread that it starts from now on, including native ones.
     */
    public static void giveWay() {
        call(c -> c.setpriority(PRIO_PROCESS, CALLING_THREAD, NICE));
    }

    /**
     * Returns unused memory to the system: unreachable objects, and memory that native code has freed but glibc
     * retains. Stops the process's Java threads for a few tenths of a second.
     */
    public static void returnMemory() {
        System.gc();
        call(c -> c.malloc_trim(new NativeLong(0)));
    }

    private interface Call {
        int on(C library);
    }

    private static void call(Call call) {
        LIBRARY.ifPresent(library -> {
            try {
                call.on(library);
            } catch (LinkageError e) {
                LOG.debugf("the C library is not glibc: %s", e.getMessage());
            }
        });
    }
}
