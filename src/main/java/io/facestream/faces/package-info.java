/**
 * From pictures to faces, and from faces to chips.
 *
 * <pre>
 *  Picture --FaceDetector--> DetectedFace (box, five landmarks) --FaceAligner--> chip, 160x160
 * </pre>
 */
package io.facestream.faces;
