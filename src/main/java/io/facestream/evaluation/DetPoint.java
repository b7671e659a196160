package io.facestream.evaluation;

/** A point of the detection error trade-off, at a threshold of its own; rates are in [0, 1]. */
public record DetPoint(double fpir, double fnir) {}
