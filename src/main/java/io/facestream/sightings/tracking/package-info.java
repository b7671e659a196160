/**
 * Which face of a frame goes on which track: by likeness first, and by place. At 5 frames/s the face of somebody who
 * walks moves by 1.75 times its width between two frames, so boxes of one person need not overlap.
 */
package io.facestream.sightings.tracking;
