/**
 * All settings of the service in one list, read for the commands, and checked: unknown names and wrong values are refused.
 */
package io.facestream.configuration;
