package io.facestream.training.network;

import java.nio.ByteBuffer;

/**
 * Photos that one step is made from.
 *
 * @param pixels direct, starts with {@code [n, 112, 112, 3]}, RGB; overwritten by the batch after the next
 * @param people {@code [n]}: whom each photo shows
 * @param targets {@code [n][dimensions]}: where the base network has each photo; empty if it does not matter
 * @param targetWeights {@code [n]}: how much that matters; empty likewise
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrainingBatch(ByteBuffer pixels, int[] people, float[][] targets, float[] targetWeights) {
    public int size() {
        return people.length;
    }
}
