package io.facestream.sightings.visits;

import io.facestream.frames.FrameInfo;
import io.facestream.sightings.tracking.SeenFace;
import java.util.List;
import java.util.Objects;

/**
 * A frame of which everything has been read.
 *
 * @param info whose {@code appendedAt} is the time of everything that happens here
 * @param faces those with a decision and a vector; faces that a stage rejected are missing
 */
public record SeenFrame(FrameInfo info, List<SeenFace> faces) {
    public SeenFrame {
        Objects.requireNonNull(info, "info");
        faces = List.copyOf(faces);
    }
}
