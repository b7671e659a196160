/** {@code bench}: how many frames per second this machine processes, and how long a single frame takes. */
package io.facestream.bench;
