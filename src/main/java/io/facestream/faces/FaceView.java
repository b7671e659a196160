package io.facestream.faces;

import io.facestream.frames.Picture;

/** A face of a picture: its position, its aligned chip and its quality. Owns the chip, so it must be closed. */
public record FaceView(DetectedFace face, Picture chip, Quality quality) implements AutoCloseable {
    @Override
    public void close() {
        chip.close();
    }
}
