package io.facestream.training.commands;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The figures of an epoch.
 *
 * @param epoch its number, from 1
 * @param steps batches trained on so far, in all epochs
 * @param loss mean over its batches, the term towards the base network included
 * @param tripletLoss mean over its batches, of the triplets alone
 * @param activeTriplets share of the mined triplets that violate the margin, 0 to 1
 * @param intraDistance mean distance (L2 of unit vectors, 0 to 2) of two photos of one person in a batch, as augmented
 * @param interDistance the same of two people
 * @param clusterDistance between the centres of the two people nearest to each other; empty if it is not asked for
 * @param photosPerSecond that were trained on
 * @param graphShare share of the time in which the network computed, 0 to 1
 * @param heldBack figures of the people held back; empty if there are none
 */
public record EpochReport(
        int epoch,
        long steps,
        double loss,
        double tripletLoss,
        double activeTriplets,
        double intraDistance,
        double interDistance,
        OptionalDouble clusterDistance,
        double photosPerSecond,
        double graphShare,
        Optional<HeldBack> heldBack) {

    /**
     * TAR at FAR 1e-2 of the people held back, as the mean over people.
     *
     * @param clean of their photos as they are
     * @param augmented of their photos under the run's own augmentation, the same draw each epoch
     */
    public record HeldBack(double clean, double augmented) {}
}
