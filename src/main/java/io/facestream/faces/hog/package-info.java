/**
 * The detector without a network: histograms of oriented gradients and linear filters, as dlib's frontal face detector has them.
 */
package io.facestream.faces.hog;
