package io.facestream.evaluation;

import io.facestream.embeddings.Embedding;
import io.facestream.evaluation.LabelledPhotos.Photo;
import io.facestream.faces.Quality;

/**
 * A photo and what the stages make of its face, the one nearest to the centre.
 *
 * @param quality null where no face was found, like the embeddings
 * @param probe as a stream embeds it, degraded where that was asked for
 * @param sample as enrolment embeds it for the gallery, never degraded
 */
public record EmbeddedPhoto(Photo photo, Quality quality, Embedding probe, Embedding sample) {
    /** A photo in which no face was found. */
    static EmbeddedPhoto undetected(Photo photo) {
        return new EmbeddedPhoto(photo, null, null, null);
    }

    public boolean detected() {
        return probe != null;
    }
}
