package io.facestream.evaluation;

/** A point of the detection error trade-off; rates are in [0, 1], and each has a threshold of its own. */
public record DetPoint(double fpir, double fnir) {}
