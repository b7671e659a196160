package io.facestream.training.network;

/**
 * What a step found before it changed the weights.
 *
 * @param loss all of it
 * @param tripletLoss the triplets' part of it
 * @param activeTriplets share of the triplets that violate the margin, 0 to 1
 * @param gradientNorm of all gradients, each tensor's scaled as its steps are
 * @param unitVectors {@code [n][dimensions]} of the batch
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrainingStep(
        float loss, float tripletLoss, float activeTriplets, float gradientNorm, float[][] unitVectors) {}
