package io.facestream.photos;

/**
 * A picture file that cannot be decoded: it tells nothing of detector or network, and counts in no figure.
 *
 * @param sha256 null where the file is too large to be read
 * @param reason a code as on {@code rejected-records}, and what was found
 * @param faces labelled in it
 */
public record Undecodable(String file, String sha256, String reason, int faces) {
    public static Undecodable of(EmbeddedPhoto photo) {
        return new Undecodable(
                photo.photo().file().toString(),
                photo.source().sha256(),
                photo.source().undecodable(),
                0);
    }
}
