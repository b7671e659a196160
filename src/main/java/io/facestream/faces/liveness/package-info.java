/** Is it a face, or a picture of one? An estimate from one picture, which opens no door. */
package io.facestream.faces.liveness;
