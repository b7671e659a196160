package io.facestream.gallery;

/**
 * What a gallery is like under a model version, as far as decisions depend on it.
 *
 * @param revision grows with every change
 * @param templates people that can be named
 * @param distanceShift how much farther apart this gallery's people are than those whom the version was calibrated with: its own
 *     false matches come at distances so much larger, or smaller where it is negative; 0 while there are too few people to tell
 */
public record GalleryState(long revision, long templates, float distanceShift) {}
