/**
 * From pictures to faces, and from faces to chips; and what a face is on a topic.
 *
 * <pre>
 *  Picture --FaceDetector--> DetectedFace (box, five landmarks) --FaceAligner--> chip, 160x160 --ChipPng--> detected-faces
 * </pre>
 *
 * <p>The detectors have a package each: {@link io.facestream.faces.mtcnn}, {@link io.facestream.faces.ssd}, {@link
 * io.facestream.faces.hog}.
 */
package io.facestream.faces;
