/**
 * Decides whether a candidate may replace its base: people held back under both networks, the gate, and the
 * calibration.
 */
package io.facestream.training.review;
