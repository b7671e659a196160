package io.facestream.cli.publish;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command finish in order when the process is asked to end (SIGINT, SIGTERM). From construction to
 * {@link #close()} such a signal is passed on to the command, and the process waits a little for it to finish.
 */
final class OrderlyEnd implements AutoCloseable {
    /** Half of what container runtimes grant. A silent camera could hold up a command for longer. */
    private static final long PATIENCE_SECONDS = 5;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    /** @param ask makes the command end soon; called from another thread */
    OrderlyEnd(Runnable ask) {
        hook = new Thread(
                () -> {
                    ask.run();
                    awaitDone();
                },
                "orderly-end");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void awaitDone() {
        try {
            done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook has done its work.
        }
    }
}
