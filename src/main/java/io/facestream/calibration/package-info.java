/**
 * What distances mean: false match rates, probabilities and their intervals, stored with a model version.
 *
 * <pre>
 *  PhotoSet --AllPairs--> FalseMatchCurve (tail: GeneralisedPareto)
 *           `-CalibrationGallery--> CalibrationTrial --LogisticRegression--> CalibrationFit --> models.Calibration
 * </pre>
 *
 * <p>Production uses it at the end of a training; {@link io.facestream.evaluation} reports with it.
 */
package io.facestream.calibration;
