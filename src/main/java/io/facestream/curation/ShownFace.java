package io.facestream.curation;

import io.facestream.curation.message.SightingRef;
import io.facestream.faces.ChipPlace;
import io.facestream.faces.Quality;

/**
 * A face that a command is about.
 *
 * @param sighting the visit that it is the best view of; null if a face was named
 * @param quality with the norm of the active version; null if a face was named
 */
record ShownFace(SightingRef sighting, ChipPlace place, EmbeddedChip chip, Quality quality) {}
