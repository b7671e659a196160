package io.facestream.evaluation.quality;

import io.facestream.faces.Quality;
import io.facestream.photos.Hardship;

/**
 * A face of an enrolled person that was searched for.
 *
 * @param person whose it is
 * @param confidence of the detector, 0 to 1
 * @param right whether it was named as that person
 */
record JudgedFace(int person, Hardship hardship, Quality quality, float confidence, boolean right) {}
