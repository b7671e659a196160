package io.facestream.web.page;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;

/** Has the gallery changed. Where a process has no such bean, its page shows people and changes nobody. */
public interface Changes {
    /**
     * Sends a command and waits for its answer.
     *
     * @param requestedBy who asks, as the trail shows it
     * @throws io.facestream.web.ProblemException with 503 if nobody answers in time; the command may be done later
     */
    GalleryEvent ask(GalleryCommand command, String requestedBy);
}
