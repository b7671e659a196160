/**
 * The command line, {@code ./facestream}: one class per command. {@link io.facestream.cli.Main} is where a process starts; the
 * commands have a package for each job.
 */
package io.facestream.cli;
