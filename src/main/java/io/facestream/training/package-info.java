/**
 * The role {@code training}: learns from labelled faces by triplets, one command at a time.
 *
 * <pre>
 *  training-commands --CommandBatch--> commands (CommandLog: a row, a lease) --TrainingWorker--> FineTuning
 *                                                                                         |
 *    data:    labelled-faces --TrainingData--> ChipStore, TrainingSet --BatchLoader------+--> Trainer (steps)
 *    network: NetworkGraph + TripletLoss --TrainingGraph---------------------------------+         |
 *                                                                                                   v
 *    review:  Gate: better than its base, nowhere worse?  CandidateCalibration: what do distances mean?   SavedModel
 * </pre>
 */
package io.facestream.training;
