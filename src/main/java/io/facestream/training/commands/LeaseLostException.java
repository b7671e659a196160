package io.facestream.training.commands;

import java.util.UUID;

/** The lease is another worker's now: what was being done is that worker's to do. */
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LeaseLostException(UUID command) {
        super("another worker has taken over command " + command + ": this one did not renew its lease in time");
    }
}
