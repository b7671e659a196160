package io.facestream.gallery.archive;

import java.io.IOException;

/** An archive that cannot be read or imported. Nothing was changed. */
public final class ArchiveException extends IOException {
    private static final long serialVersionUID = 1L;

    ArchiveException(String message) {
        super(message);
    }

    ArchiveException(String message, Throwable cause) {
        super(message, cause);
    }
}
