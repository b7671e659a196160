/**
 * Decodes video of cameras and recorders. {@link io.facestream.video.VideoInput} says what to open. {@link
 * io.facestream.video.VideoReader} reads its frames in sequence, each as a {@link io.facestream.video.VideoFrame}
 * with its time, whether it is damaged, and its picture: upright, with square pixels and true colours. {@link
 * io.facestream.video.StreamAddress} is the address of a stream, shown without its password.
 */
package io.facestream.video;
