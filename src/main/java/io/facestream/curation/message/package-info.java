/** What people ask of the gallery and what came of it: JSON of {@code gallery-commands} and {@code gallery-events}. */
package io.facestream.curation.message;
