package io.facestream.training.network;

/**
 * A step's measurements before it changed the weights.
 *
 * @param loss the whole loss
 * @param tripletLoss the triplets' part of the loss
 * @param activeTriplets share of the triplets that violate the margin, 0 to 1
 * @param gradientNorm norm of all gradients, each tensor's scaled like its steps
 * @param unitVectors {@code [n][dimensions]} of the batch
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrainingStep(
        float loss, float tripletLoss, float activeTriplets, float gradientNorm, float[][] unitVectors) {}
