/** Who a visit is of, by the votes of its faces. */
package io.facestream.sightings.vote;
