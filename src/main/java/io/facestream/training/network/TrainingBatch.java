package io.facestream.training.network;

import java.nio.ByteBuffer;

/**
 * The photos of one training step.
 *
 * @param pixels direct, starts with {@code [n, 112, 112, 3]}, RGB; overwritten by the batch after the next
 * @param people {@code [n]}: the person whom each photo shows
 * @param targets {@code [n][dimensions]}: the base network's embedding of each photo; empty if not used
 * @param targetWeights {@code [n]}: the weight of each target; empty if not used
 * @param teacher {@code [n][dimensions of the teacher]}: the teacher's embedding of each photo; empty if not used
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrainingBatch(
        ByteBuffer pixels, int[] people, float[][] targets, float[] targetWeights, float[][] teacher) {
    public int size() {
        return people.length;
    }
}
