/**
 * {@code bench}: how many frames a second this machine does, and how long a frame takes.
 */
package io.facestream.bench;
