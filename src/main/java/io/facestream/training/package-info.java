/**
 * Learns from labelled faces: fine-tunes a network with triplets.
 *
 * <pre>
 *  ChipStore --TrainingSet--> batches of people x photos, augmented --> Trainer (one step a batch) --> SavedModel
 * </pre>
 */
package io.facestream.training;
