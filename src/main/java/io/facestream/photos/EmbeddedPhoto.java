package io.facestream.photos;

import io.facestream.embeddings.Embedding;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.Quality;
import io.facestream.photos.LabelledPhotos.Photo;

/**
 * A photo and the stages' results for its face, the one nearest to the centre.
 *
 * @param source what was read; null if the photo is not a file
 * @param face null if no face was found or its place is unknown
 * @param quality null if no face was found; so are the embeddings
 * @param probe as a stream embeds it, degraded on request
 * @param sample as enrolment embeds it for the gallery, never degraded
 */
public record EmbeddedPhoto(
        Photo photo, Source source, DetectedFace face, Quality quality, Embedding probe, Embedding sample) {
    /**
     * A photo's bytes.
     *
     * @param sha256 hexadecimal; null if the file is too large to read
     * @param undecodable why it cannot be decoded; null if it can
     */
    public record Source(String sha256, String undecodable) {}

    /** A photo that is not a file. */
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

    /** Whether the picture can be decoded. One that cannot be says nothing about a network. */
    public boolean decodable() {
        return source == null || source.undecodable() == null;
    }
}
