package io.facestream.training;

import io.facestream.training.commands.EndReason;

/** The end of a run, and what there is to say about it. */
public record TrainingEnd(EndReason reason, String message) {}
