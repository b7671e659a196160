/** {@code evaluate ...}: the options, networks and photos of an evaluation, and its report. */
package io.facestream.cli.evaluate;
