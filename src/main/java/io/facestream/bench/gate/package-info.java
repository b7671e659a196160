/** {@code bench gate}: what the motion gate lets through of a recording, and of scenes with light switches and noise. */
package io.facestream.bench.gate;
