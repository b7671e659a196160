package io.facestream.models;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Asks the operating system for what heavy work beside cameras needs, and Java has no words for. On Linux; elsewhere nothing happens,
 * and the work competes with the others.
 */
public final class BackgroundWork {
    private static final Logger LOG = Logger.getLogger(BackgroundWork.class);

    /**
     * Nice value of a thread whose work can wait. The scheduler gives such a thread a tenth of what it gives the others where they compete
     * for a core (110 to 1,024, by sched(7)), and the whole core where they do not.
     */
    private static final int NICE = 10;

    private static final int PRIO_PROCESS = 0;
    private static final int CALLING_THREAD = 0;

    /** TensorFlow's own switch: each session has a pool of threads of its own, instead of one pool for the process. */
    private static final String OWN_POOLS = "TF_OVERRIDE_GLOBAL_THREADPOOL";

    private static final Optional<C> LIBRARY = load();

    private BackgroundWork() {}

    /** Of glibc. */
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
                    "training competes with cameras for the cores: the C library cannot be called (%s)",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Lets sessions have pools of their own from now on, whose size and priority are those of whoever opens them. Before the first
     * network of the process; later it has no effect.
     */
    public static void separateSessions() {
        if (System.getenv(OWN_POOLS) == null) {
            call(c -> c.setenv(OWN_POOLS, "1", 0));
        }
    }

    /** Lets the calling thread, and every thread that it starts from now on, in native libraries too, give way to the others. */
    public static void giveWay() {
        call(c -> c.setpriority(PRIO_PROCESS, CALLING_THREAD, NICE));
    }

    /**
     * Gives memory back to the system: of objects that are not used any more, and of what native code has freed, which glibc keeps for
     * the next one who asks. Stops the process's Java threads for some tenths of a second.
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
                LOG.debugf("another C library than glibc: %s", e.getMessage());
            }
        });
    }
}
