package io.facestream.photos;

/**
 * A picture file that cannot be decoded. It says nothing about a detector or network, and no figure counts it.
 *
 * @param sha256 null if the file is too large to read
 * @param reason a code as on {@code rejected-records}, and what was found
 * @param faces number of faces labelled in it
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
