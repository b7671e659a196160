package io.facestream.faces;

import io.facestream.frames.Picture;
import java.util.List;

/** Finds the faces in a picture. An instance serves one thread at a time. */
public interface FaceDetector extends AutoCloseable {
    /** Returns every face once, most confident first; empty if there is none. */
    List<DetectedFace> detect(Picture picture);

    @Override
    void close();
}
