package io.facestream.video;

/** Asks a reader, from any thread, to give up: while it opens its input, or while it waits for the next frame. */
public final class Interruption {
    private volatile boolean requested;
    private Runnable effect = () -> {};

    /** Makes what the reader waits for fail soon, now and later. */
    public void request() {
        Runnable now;
        synchronized (this) {
            requested = true;
            now = effect;
        }
        now.run();
    }

    public boolean requested() {
        return requested;
    }

    /** What else has to happen at a request, such as closing a connection; at once if there was one already. */
    void then(Runnable more) {
        synchronized (this) {
            effect = more;
        }
        if (requested) {
            more.run();
        }
    }
}
