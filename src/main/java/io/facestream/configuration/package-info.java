/** The list of all settings of the service. Reads them for the commands and refuses unknown names and wrong values. */
package io.facestream.configuration;
