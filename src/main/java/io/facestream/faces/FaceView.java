package io.facestream.faces;

import io.facestream.frames.Picture;

/** A face of a picture: where it is, its aligned chip, and how good a view it is. Owns the chip: close it. */
public record FaceView(DetectedFace face, Picture chip, Quality quality) implements AutoCloseable {
    @Override
    public void close() {
        chip.close();
    }
}
