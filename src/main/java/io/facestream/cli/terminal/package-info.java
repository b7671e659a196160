/** Output for people: tables, progress, one line per event, and failures in one sentence. */
package io.facestream.cli.terminal;
