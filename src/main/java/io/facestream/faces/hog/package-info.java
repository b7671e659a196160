/**
 * A detector without a detection network: histograms of oriented gradients and linear filters, like dlib's frontal face
 * detector.
 */
package io.facestream.faces.hog;
