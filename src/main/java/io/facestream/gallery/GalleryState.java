package io.facestream.gallery;

/**
 * What a gallery is like under a model version, as far as decisions depend on it.
 *
 * @param revision grows with every change
 * @param templates people that can be named
 * @param distanceShift 0, or less where this gallery's people are more alike than those whom the version was calibrated with: its
 *     own false matches come at distances so much smaller; 0 while there are too few people to tell
 */
public record GalleryState(long revision, long templates, float distanceShift) {}
