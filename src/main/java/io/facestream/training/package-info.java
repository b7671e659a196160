/**
 * Learns from labelled faces: fine-tunes a network with triplets.
 *
 * <pre>
 *  ChipStore --TrainingSet--> batches of people x photos, augmented --> Trainer (one step a batch) --> SavedModel
 *
 *  people held back, under both networks --+--> Gate                  is it better than its base, and nowhere worse?
 *                                           +--> CandidateCalibration  what do its distances mean?
 * </pre>
 */
package io.facestream.training;
