package io.facestream.training.commands;

import java.util.UUID;

/** Another worker has the lease now, and continues the command. */
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LeaseLostException(UUID command) {
        super("another worker has taken over command " + command + ": this one did not renew its lease in time");
    }
}
