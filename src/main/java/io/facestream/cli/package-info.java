/**
 * The command line, {@code ./facestream}: one class per command, one package per job. {@link io.facestream.Main} starts
 * a process and lists the commands.
 */
package io.facestream.cli;
