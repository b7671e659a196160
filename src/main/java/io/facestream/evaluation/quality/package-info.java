/**
 * Does a face's quality predict error? By the error-versus-discard characteristic of the field (Grother and Tabassi
 * 2007, ISO/IEC 29794-1, NIST's FRVT Quality): the share of errors among the faces that remain when those of the lowest
 * quality are discarded, and the area under that curve.
 */
package io.facestream.evaluation.quality;
