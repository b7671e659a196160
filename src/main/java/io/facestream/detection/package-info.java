/**
 * The role {@code detection}: camera frames in, faces and frame marks out.
 *
 * <pre>
 *  camera-frames --DetectionBatch: decode, age and weight, FaceFinder, ChipPng--> detected-faces
 * </pre>
 *
 * <p>Add a new detector in {@link io.facestream.detection.FaceDetectors}. {@link
 * io.facestream.detection.DetectionConfig} has the settings, including those of single cameras.
 */
package io.facestream.detection;
