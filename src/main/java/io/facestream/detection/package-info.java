/**
 * The role {@code detection}: camera frames in, faces and frame marks out.
 *
 * <pre>
 *  camera-frames --DetectionBatch: decode, age and weight, FaceFinder, ChipPng--> detected-faces
 * </pre>
 *
 * <p>{@link io.facestream.detection.FaceDetectors} is where a detector is added; {@link
 * io.facestream.detection.DetectionConfig} has the settings, also those of single cameras.
 */
package io.facestream.detection;
