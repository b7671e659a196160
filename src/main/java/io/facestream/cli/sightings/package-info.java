/** {@code facestream sightings}: who was where, and when. */
package io.facestream.cli.sightings;
