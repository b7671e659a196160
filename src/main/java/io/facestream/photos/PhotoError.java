package io.facestream.photos;

/**
 * A wrong answer about a photo.
 *
 * @param kind as in file names and the index, such as {@code false-accept}
 * @param other the photo it was, or should have been, taken for; null if there is none
 * @param distance distance of the two, 0 to 2; NaN if there is none
 * @param detail for a person to read
 */
public record PhotoError(String kind, EmbeddedPhoto photo, EmbeddedPhoto other, float distance, String detail) {
    public static PhotoError undetected(EmbeddedPhoto photo) {
        return new PhotoError("undetected", photo, null, Float.NaN, "no face was found");
    }
}
