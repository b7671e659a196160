/** Which of a camera's frames show motion: {@link io.facestream.cameras.motion.MotionGate}. */
package io.facestream.cameras.motion;
