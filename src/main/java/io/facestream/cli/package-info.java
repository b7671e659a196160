/** The command line. */
package io.facestream.cli;
