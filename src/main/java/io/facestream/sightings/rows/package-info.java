/** How values are written to the rows of state stores. A row begins with its format's number. */
package io.facestream.sightings.rows;
