/** From the topic {@code sightings} to the table {@code facestream.sighting}: one row per visit, its latest message. */
package io.facestream.sightings.projection;
