/**
 * Cameras' and recorders' video, decoded: {@link io.facestream.cameras.VideoInput} says what to open, {@link
 * io.facestream.cameras.VideoReader} reads its frames one after the other, each as a {@link
 * io.facestream.cameras.VideoFrame}: when it was taken, whether it is damaged, and its picture, upright, with square
 * pixels, in the colours that were filmed. {@link io.facestream.cameras.StreamAddress} is the address of a stream,
 * which is shown without its password.
 */
package io.facestream.cameras;
