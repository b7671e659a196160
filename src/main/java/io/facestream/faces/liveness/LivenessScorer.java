package io.facestream.faces.liveness;

import io.facestream.faces.Box;
import io.facestream.frames.Picture;
import java.util.List;

/** Says how live faces look. An instance serves one thread at a time. */
public interface LivenessScorer extends AutoCloseable {
    /**
     * How sure it is that faces are live, 0 to 1, in their order. It is a score, no probability of anything in your
     * pictures.
     *
     * @param faces the detector's boxes in the picture
     * @throws IllegalStateException if it fails
     */
    float[] score(Picture picture, List<Box> faces);

    @Override
    void close();
}
