/**
 * The command line, {@code ./facestream}: one class per command. {@link io.facestream.cli.Main} is where a process starts; {@link
 * io.facestream.cli.Settings} is the configuration of the commands that are clients of a running service; {@link
 * io.facestream.cli.Service} runs the service itself. {@link io.facestream.cli.SampleCamera} makes the demo's clip.
 */
package io.facestream.cli;
