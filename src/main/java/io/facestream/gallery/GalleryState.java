package io.facestream.gallery;

/**
 * The properties of a gallery under a model version on which decisions depend.
 *
 * @param revision increases with every change
 * @param templates number of people who can be named
 * @param distanceShift 0, or negative if this gallery's people are more alike than those of the version's calibration:
 *     its false matches occur at distances smaller by this amount. 0 while there are too few people to measure it
 */
public record GalleryState(long revision, long templates, float distanceShift) {}
