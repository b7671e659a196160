package io.facestream.photos;

import io.facestream.frames.Picture;

/**
 * What is done to a photo before a face is looked for. Its text names all that it depends on: cached results are kept
 * under it.
 */
public interface PhotoChange {
    /**
     * A changed copy of a picture. The caller closes both.
     *
     * @param picture 8-bit RGB
     * @param photo its label, on which random draws may depend
     */
    Picture of(Picture picture, String photo);
}
