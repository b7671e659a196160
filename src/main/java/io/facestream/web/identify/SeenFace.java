package io.facestream.web.identify;

import io.facestream.embeddings.Embedding;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.Quality;

/**
 * A face of a picture, without its pixels.
 *
 * @param quality with the norm of the embedding
 */
public record SeenFace(DetectedFace face, Quality quality, Embedding embedding) {}
