package io.facestream.cameras.sending;

import java.time.Duration;

/**
 * How long this process may film what the group gave it without hearing from the group again. The broker gives its
 * partitions to others a session after the last heartbeat that it received; this ends earlier, by the time that an
 * answer may have taken. It is checked before every frame, so it also holds in a process that was frozen. Thread-safe.
 */
public final class Lease {
    /** For what needs no group: it never ends. */
    public static final Lease ENDLESS = new Lease(Duration.ofDays(36_500));

    private final long nanos;
    private volatile long heard = System.nanoTime();
    private volatile boolean heardEver;

    public Lease(Duration length) {
        nanos = length.toNanos();
    }

    /** The group's coordinator answered a heartbeat that was sent at or after that time of System.nanoTime(). */
    public void renew(long since) {
        heard = since;
        heardEver = true;
    }

    public boolean holds() {
        return this == ENDLESS || (heardEver && System.nanoTime() - heard < nanos);
    }

    public Duration sinceRenewed() {
        return Duration.ofNanos(System.nanoTime() - heard);
    }
}
