/**
 * From pictures to faces, from faces to chips, and the messages about faces on topics.
 *
 * <pre>
 *  Picture --FaceDetector--> DetectedFace (box, landmarks) --FaceAligner--> chip, 160x160 -ChipPng-> detected-faces
 * </pre>
 *
 * <p>The detectors have a package each: {@link io.facestream.faces.rfb}, {@link io.facestream.faces.mtcnn}, {@link
 * io.facestream.faces.ssd}, {@link io.facestream.faces.hog}.
 */
package io.facestream.faces;
