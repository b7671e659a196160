package io.facestream.photos;

import io.facestream.embeddings.Embedding;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.Quality;
import io.facestream.photos.LabelledPhotos.Photo;

/**
 * A photo and what the stages make of its face, the one nearest to the centre.
 *
 * @param source what was read; null where the photo is no file
 * @param face null where none was found or none is known
 * @param quality null where no face was found, like the embeddings
 * @param probe as a stream embeds it, degraded where that was asked for
 * @param sample as enrolment embeds it for the gallery, never degraded
 */
public record EmbeddedPhoto(
        Photo photo, Source source, DetectedFace face, Quality quality, Embedding probe, Embedding sample) {
    /**
     * A photo's bytes.
     *
     * @param sha256 hexadecimal; null for a file that is too large to be read
     * @param undecodable why it cannot be decoded; null where it can
     */
    public record Source(String sha256, String undecodable) {}

    /** A photo that is no file. */
    public EmbeddedPhoto(Photo photo, Quality quality, Embedding probe, Embedding sample) {
        this(photo, null, null, quality, probe, sample);
    }

    /** A photo in which no face was found. */
    public static EmbeddedPhoto undetected(Photo photo) {
        return new EmbeddedPhoto(photo, null, null, null);
    }

    public boolean detected() {
        return probe != null;
    }

    /** Whether there is a picture to look for a face in: one that cannot be decoded tells nothing of a network. */
    public boolean decodable() {
        return source == null || source.undecodable() == null;
    }
}
