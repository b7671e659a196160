/** How each camera does, on the compacted topic {@code camera-states}: written by the role cameras, read by anybody. */
package io.facestream.cameras.states;
