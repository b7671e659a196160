/**
 * The command line, {@code ./facestream}: one class per command. A process starts in {@link io.facestream.cli.Main};
 * the commands have one package per job.
 */
package io.facestream.cli;
