/** What the topic {@code sightings} holds: the messages of a visit. */
package io.facestream.sightings.message;
