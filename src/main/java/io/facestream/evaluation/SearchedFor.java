package io.facestream.evaluation;

import io.facestream.photos.LabelledPhotos.Photo;

/**
 * A search for an enrolled person or a stranger, and whether it failed at the threshold in force.
 *
 * @param person index of whom the photo shows; strangers come after the people
 * @param wrong an enrolled person was not named, or a stranger was named as somebody
 */
public record SearchedFor(Photo photo, int person, boolean enrolled, boolean wrong) {}
