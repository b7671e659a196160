/**
 * The one-shot detector: one MobileNet-based network for the whole picture, and a second one for landmarks.
 */
package io.facestream.faces.ssd;
