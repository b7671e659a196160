package io.facestream.photos;

/**
 * A wrong answer about a photo.
 *
 * @param kind as file names and the index have it, such as {@code false-accept}
 * @param other whom it was or should have been taken for; null where there is nobody
 * @param distance of the two, 0 to 2; NaN where there is none
 * @param detail for a person to read
 */
public record PhotoError(String kind, EmbeddedPhoto photo, EmbeddedPhoto other, float distance, String detail) {
    public static PhotoError undetected(EmbeddedPhoto photo) {
        return new PhotoError("undetected", photo, null, Float.NaN, "no face was found");
    }
}
