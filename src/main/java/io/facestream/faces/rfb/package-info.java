/**
 * The default detector: one small network proposes faces in a reduced picture, and the last two networks of MTCNN judge
 * them in the picture itself.
 */
package io.facestream.faces.rfb;
