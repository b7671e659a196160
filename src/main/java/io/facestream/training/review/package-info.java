/**
 * Whether a candidate may take over: held-back people under both networks, the gate, and its calibration.
 */
package io.facestream.training.review;
