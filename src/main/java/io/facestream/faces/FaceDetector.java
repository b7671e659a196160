package io.facestream.faces;

import io.facestream.frames.Picture;
import java.util.List;

/** Finds the faces in a picture. An instance serves one thread at a time. */
public interface FaceDetector extends AutoCloseable {
    /** Every face found, each once, most confident first; empty where there is none. */
    List<DetectedFace> detect(Picture picture);

    @Override
    void close();
}
