package io.facestream.web.threshold;

import java.time.Instant;
import java.util.List;

/**
 * Faces of the last days.
 *
 * @param faces those near enough to somebody that a threshold decides, in no order
 * @param since from when on all events were read: later than asked for where they were too many
 * @param read all faces that were read
 * @param poor those of them that are too poor to be judged, or were ruled out by hand
 * @param otherVersion those whose distances are another model version's
 */
record Seen(List<SeenFace> faces, Instant since, long read, long poor, long otherVersion) {
    Seen {
        faces = List.copyOf(faces);
    }
}
