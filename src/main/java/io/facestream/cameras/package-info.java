/**
 * Decodes video of cameras and recorders. {@link io.facestream.cameras.VideoInput} says what to open. {@link
 * io.facestream.cameras.VideoReader} reads its frames in sequence, each as a {@link io.facestream.cameras.VideoFrame}
 * with its time, whether it is damaged, and its picture: upright, with square pixels and true colours. {@link
 * io.facestream.cameras.StreamAddress} is the address of a stream, shown without its password.
 */
package io.facestream.cameras;
